import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeWatch, type FakeWatch } from "../../test/fake-watch.ts";
import { untilTouched } from "./until-touched.ts";

const FILE = "/home/me/pool/store.json.lock";
let system: FakeWatch;
let isOver: boolean;

beforeEach(() => {
  system = fakeWatch();
  isOver = false;
});

const wait = (): void => void untilTouched(FILE, 64).then(() => (isOver = true));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("waiting until a file is touched", () => {
  it("ends when it is, and lets go of everything", async () => {
    wait();
    await pass(10);
    expect([isOver, system.watched(), system.keepsAlive()]).toEqual([false, [FILE], false]);
    system.emit("change");
    await pass(0);
    expect([isOver, system.watched(), vi.getTimerCount()]).toEqual([true, [], 0]);
  });

  it("ends in time where the system says nothing, or only that it cannot go on", async () => {
    wait();
    await pass(10);
    system.emit("error");
    await pass(53);
    expect(isOver).toBe(false);
    await pass(1);
    expect([isOver, system.watched()]).toEqual([true, []]);
  });

  it("ends at once where the file is gone", async () => {
    system.refuse("ENOENT");
    wait();
    await pass(0);
    expect([isOver, vi.getTimerCount()]).toEqual([true, 0]);
  });

  it("ends in time where nothing can be watched", async () => {
    system.refuse("EMFILE");
    wait();
    await pass(63);
    expect(isOver).toBe(false);
    await pass(1);
    expect(isOver).toBe(true);
  });
});
