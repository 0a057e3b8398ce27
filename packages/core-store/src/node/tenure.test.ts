import { failure } from "@open-multi-auth/domain";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoreError } from "../errors.ts";
import type { Held } from "./file-lock.ts";
import { keepWriting } from "./tenure.ts";

const LONGER_THAN_A_SHARE_MS = 60;
const QUARTER_OF_A_SHARE_MS = 10;
const refused: StoreError = failure("STORE_UNWRITABLE", "full", { path: "", errno: "ENOSPC" });

// A write lasts as long as it says, however busy the machine is.
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

describe("keepWriting", () => {
  it("writes once where nothing more was asked for", async () => {
    const { writes, write } = counted();
    expect(await keepWriting(heldBy("nobody else wants it"), write, () => false)).toEqual({
      error: undefined,
      hadItsShare: false,
    });
    expect(writes()).toBe(1);
  });

  it("sees what those ask for who waited for the write", async () => {
    const { writes, write } = counted();
    let asked = true;
    const asking = async () => {
      const written = write();
      // As a caller that awaits its update, and then makes another one.
      if (writes() === 1) void written.then(() => undefined).then(() => (asked = true));
      asked = false;
      return written;
    };
    await keepWriting(heldBy("nobody else wants it"), asking, () => asked);
    expect(writes()).toBe(2);
  });

  it("goes on beyond its share while nobody else wants the lock", async () => {
    const { writes, write } = counted(LONGER_THAN_A_SHARE_MS);
    const end = await keepWriting(heldBy("nobody else wants it"), write, () => writes() < 3);
    expect([writes(), end.hadItsShare]).toEqual([3, false]);
  });

  it("leaves the lock to others after its share, and not before", async () => {
    const slow = counted(LONGER_THAN_A_SHARE_MS);
    expect(await keepWriting(heldBy("others want it"), slow.write, () => true)).toEqual({
      error: undefined,
      hadItsShare: true,
    });
    expect(slow.writes()).toBe(1);
    const quick = counted(QUARTER_OF_A_SHARE_MS);
    await keepWriting(heldBy("others want it"), quick.write, () => true);
    expect(quick.writes()).toBe(4);
  });

  it("ends with the first error", async () => {
    const end = await keepWriting(
      heldBy("nobody else wants it"),
      async () => refused,
      () => true,
    );
    expect(end).toEqual({ error: refused, hadItsShare: false });
  });
});

const heldBy = (who: "others want it" | "nobody else wants it"): Held => ({
  release: async () => undefined,
  isWanted: async () => who === "others want it",
});

function counted(lastsMs = 0) {
  let writes = 0;
  return {
    writes: () => writes,
    write: async (): Promise<StoreError | undefined> => {
      writes += 1;
      vi.advanceTimersByTime(lastsMs);
      return undefined;
    },
  };
}
