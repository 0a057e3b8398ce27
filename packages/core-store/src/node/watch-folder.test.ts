import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeWatch, type FakeWatch } from "../../test/fake-watch.ts";
import { watchFolder, type Watching } from "./watch-folder.ts";

const FOLDER = "/home/me/pool";
const POLL_MS = 5000;
let system: FakeWatch;
let looks: number;
let hasChanged: boolean;
let watching: Watching;

beforeEach(() => {
  system = fakeWatch();
  looks = 0;
  hasChanged = false;
});

function watch(pollMs = POLL_MS): void {
  watching = watchFolder(FOLDER, pollMs, async () => {
    looks += 1;
    return hasChanged;
  });
}

/** How many looks were taken within so many milliseconds. */
async function looksIn(ms: number): Promise<number> {
  const before = looks;
  await vi.advanceTimersByTimeAsync(ms);
  return looks - before;
}

describe("a folder under watch", () => {
  it("is looked at a moment after something happened, once for all that happened until then", async () => {
    watch();
    expect(system.watched()).toEqual([FOLDER]);
    await looksIn(2000);
    system.emit("change");
    expect(system.watched()).toEqual([]);
    expect(await looksIn(99)).toBe(0);
    expect(await looksIn(1)).toBe(1);
    expect(system.watched()).toEqual([FOLDER]);
    expect(await looksIn(1000)).toBe(0);
  });

  it("is looked at less often where something happens all the time", async () => {
    watch();
    system.emit("change");
    expect(await looksIn(100)).toBe(1);
    await looksIn(999);
    system.emit("change");
    expect(await looksIn(399)).toBe(0);
    expect(await looksIn(1)).toBe(1);
    await looksIn(1000);
    system.emit("change");
    expect(await looksIn(100)).toBe(1);
  });

  it("is looked at now and then in any case", async () => {
    watch();
    expect(await looksIn(POLL_MS - 1)).toBe(0);
    expect(await looksIn(1)).toBe(1);
    expect(await looksIn(POLL_MS)).toBe(1);
    expect(system.watched()).toEqual([FOLDER]);
  });

  it("is left in peace until the look that is due, whatever a look in between finds", async () => {
    watch();
    hasChanged = true;
    await looksIn(POLL_MS - 50);
    system.emit("change");
    expect(await looksIn(50)).toBe(1);
    expect(system.watched()).toEqual([]);
    expect(await looksIn(50)).toBe(1);
    expect(system.watched()).toEqual([FOLDER]);
    expect(await looksIn(POLL_MS - 51)).toBe(0);
    expect(system.keepsAlive()).toBe(false);
  });

  it("is watched anew after a change that nobody told of", async () => {
    watch();
    hasChanged = true;
    system.emit("error");
    expect(system.watched()).toEqual([]);
    await looksIn(POLL_MS);
    expect(system.watched()).toEqual([FOLDER]);
    await looksIn(POLL_MS);
    expect(system.watched()).toEqual([FOLDER]);
  });

  it("is looked at every half second where it cannot be watched, until it can", async () => {
    system.refuse("EMFILE");
    watch();
    expect(await looksIn(499)).toBe(0);
    expect(await looksIn(1)).toBe(1);
    expect(await looksIn(500)).toBe(1);
    system.refuse(undefined);
    expect(await looksIn(500)).toBe(1);
    expect(system.watched()).toEqual([FOLDER]);
    expect(await looksIn(POLL_MS - 501)).toBe(0);
  });

  it("is looked at as often as was asked for where that is more often", async () => {
    system.refuse("EMFILE");
    watch(20);
    expect(await looksIn(20)).toBe(1);
    expect(await looksIn(200)).toBe(10);
  });

  it("wakes nobody while it is paused, but every half second", async () => {
    watch();
    system.emit("change");
    watching.pause();
    expect(await looksIn(499)).toBe(0);
    hasChanged = true;
    expect(await looksIn(1)).toBe(1);
    expect(system.watched()).toEqual([]);
    expect(await looksIn(500)).toBe(1);
    hasChanged = false;
    watching.resume();
    await looksIn(400);
    expect(system.watched()).toEqual([FOLDER]);
    await looksIn(500);
    expect(await looksIn(4000)).toBe(0);
  });

  it("is looked at after a pause, since things may have happened; without a pause nothing is to be resumed", async () => {
    watch();
    watching.resume();
    expect(await looksIn(2000)).toBe(0);
    watching.pause();
    watching.resume();
    expect(await looksIn(100)).toBe(1);
    watching.resume();
    await looksIn(500);
    expect(await looksIn(4000)).toBe(0);
  });

  it.each([
    ["watched", () => undefined],
    ["about to be looked at", () => system.emit("change")],
    ["paused", () => watching.pause()],
  ])("is left alone for good when it was %s and the watching stops", async (_, bring) => {
    watch();
    bring();
    watching.stop();
    watching.resume();
    expect([system.watched(), vi.getTimerCount()]).toEqual([[], 0]);
    expect(await looksIn(3 * POLL_MS)).toBe(0);
  });

  it("is left alone for good when the watching stops during a look", async () => {
    const ends: ((hasFound: boolean) => void)[] = [];
    watching = watchFolder(FOLDER, POLL_MS, () => new Promise((resolve) => ends.push(resolve)));
    await vi.advanceTimersByTimeAsync(POLL_MS);
    watching.stop();
    for (const end of ends) end(true);
    await vi.advanceTimersByTimeAsync(0);
    expect([system.watched(), vi.getTimerCount()]).toEqual([[], 0]);
  });
});
