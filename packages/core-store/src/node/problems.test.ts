import { failure } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import type { StoreError } from "../errors.ts";
import { Problems } from "./problems.ts";

const refused = (errno: string): StoreError =>
  failure("STORE_UNWRITABLE", `refused: ${errno}`, { path: "store.json", errno });
const locked: StoreError = failure("STORE_LOCKED", "held", { path: "store.json.lock", waitedMs: 1 });

function listening() {
  const told: StoreError[] = [];
  return { told, problems: new Problems((problem) => void told.push(problem)) };
}

describe("problems", () => {
  it("are told each time, but not before the caller went on", async () => {
    const { told, problems } = listening();
    problems.tell(locked);
    problems.tell(locked);
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told).toEqual([locked, locked]);
  });

  it("that last are told when they begin, change, and begin again", async () => {
    const { told, problems } = listening();
    problems.failed("write", refused("EIO"));
    problems.failed("write", refused("ENOSPC"));
    problems.failed("read", refused("EIO"));
    problems.failed("write", locked);
    problems.failed("write", locked);
    problems.succeeded("read");
    problems.failed("write", locked);
    problems.succeeded("write");
    problems.failed("write", locked);
    await Promise.resolve();
    expect(told).toEqual([refused("EIO"), refused("EIO"), locked, locked]);
  });
});
