import { expect, it } from "vitest";
import { createUndo } from "./undo.ts";

it("takes every step, the last one first, even when one of them fails", async () => {
  const done: string[] = [];
  const undo = createUndo();
  undo.add(() => done.push("home"));
  undo.add(() => Promise.reject(new Error("stuck")));
  undo.add(() => done.push("server"));
  await expect(undo.all()).rejects.toThrow("stuck");
  expect(done).toEqual(["server", "home"]);
});
