import { failure } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import type { PathProblem, StoreError } from "../errors.ts";
import { errnoOf, failureOf, Fault, isUnsafe, lockErrorOf, reading, unsafe, writing } from "./fault.ts";

const denied = Object.assign(new Error("EACCES: permission denied"), {
  code: "EACCES",
  path: "/a/store.json",
});
const full = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
const bug = new TypeError("undefined is not a function");
const closed: StoreError = failure("STORE_CLOSED", "it was closed", { path: "/a/store.json" });
const thrownBy = async (run: () => unknown): Promise<unknown> => {
  try {
    return [await run(), "was not thrown"];
  } catch (thrown) {
    return thrown;
  }
};

describe("what was thrown", () => {
  it("is the failure in it, or what the system says of it and of which path", () => {
    expect(failureOf(new Fault(closed))).toEqual(closed);
    expect(failureOf(denied)).toEqual(
      failure("STORE_UNWRITABLE", "EACCES: permission denied", { path: "/a/store.json", errno: "EACCES" }),
    );
    expect(failureOf(full)).toEqual(
      failure("STORE_UNWRITABLE", "ENOSPC: no space left", { path: "", errno: "ENOSPC" }),
    );
  });

  it.each([
    [bug],
    ["a text"],
    [{ code: "EACCES" }],
    [undefined],
    [Object.assign(new Error("odd"), { code: 7 })],
  ])("stays an exception where it is a bug: %s", async (thrown) => {
    const refused = Promise.reject(thrown);
    expect(await thrownBy(() => failureOf(thrown))).toBe(thrown);
    expect(await thrownBy(() => lockErrorOf(thrown))).toBe(thrown);
    expect(await thrownBy(() => reading("/a", refused))).toBe(thrown);
    expect(await thrownBy(() => writing("/a", refused))).toBe(thrown);
    expect(isUnsafe(thrown)).toBe(false);
    expect(errnoOf(thrown)).toBeUndefined();
  });

  it("names what could not be read or written, once", async () => {
    const read = await thrownBy(() => reading("/a", Promise.reject(denied)));
    expect(failureOf(read)).toEqual(
      failure("STORE_UNREADABLE", "cannot read /a: EACCES: permission denied", {
        path: "/a",
        errno: "EACCES",
      }),
    );
    expect(await thrownBy(() => writing("/b", Promise.reject(read)))).toBe(read);
    expect(failureOf(await thrownBy(() => writing("/b", Promise.reject(full))))).toEqual(
      failure("STORE_UNWRITABLE", "cannot write /b: ENOSPC: no space left", { path: "/b", errno: "ENOSPC" }),
    );
    expect(await reading("/a", Promise.resolve(1))).toBe(1);
    expect(await writing("/a", Promise.resolve(2))).toBe(2);
  });

  it("is an error of a lock only where it can be one", async () => {
    const locked: StoreError = failure("STORE_LOCKED", "held", { path: "/a.lock", waitedMs: 1 });
    expect(lockErrorOf(new Fault(locked))).toEqual(locked);
    expect(lockErrorOf(denied)).toMatchObject({ code: "STORE_UNWRITABLE" });
    expect(await thrownBy(() => lockErrorOf(new Fault(closed)))).toEqual(new Fault(closed));
  });
});

it.each<[PathProblem, string, string]>([
  ["symlink", "/s is a symbolic link", "replace the link /s by the real thing"],
  ["foreign-owner", "/s belongs to another user", "chown /s to yourself, or move it away"],
  ["not-a-file", "/s is not a regular file", "move /s away"],
  ["not-a-folder", "/s is not a folder", "move /s away"],
  ["shared-folder", "/s is a folder shared by all users", "choose a folder of your own for the store"],
  [
    "not-for-us-alone",
    "/s is open to other users and holds other files, so it is not narrowed",
    "choose a folder of its own for the store, or run `chmod 700 /s` if nobody else needs it",
  ],
  ["name-taken", "/s exists already", "remove /s"],
])("a path that is not to be trusted (%s) is told with what to do", (problem, message, fix) => {
  const fault = unsafe("/s", problem);
  expect(fault.failure).toEqual(failure("STORE_PATH_UNSAFE", message, { path: "/s", problem, fix }));
  expect(fault.message).toBe(message);
  expect(isUnsafe(fault)).toBe(true);
  expect(isUnsafe(new Fault(closed))).toBe(false);
});
