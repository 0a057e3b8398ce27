import { expect, it } from "vitest";
import { constraintOf } from "./constraint.ts";

it.each([
  ["Invalid input: expected string, received undefined", "must be a string"],
  ["Invalid input: expected 2", "must be 2"],
  ['Invalid option: expected one of "on"|"off"', 'must be one of "on"|"off"'],
  ["Too big: expected number to be <=100", "must be <=100"],
  ["Too small: expected string to have >=1 characters", "must have >=1 characters"],
  ["Invalid string: must match pattern /^a/", "must match pattern /^a/"],
  ["Unrecognized key", "must be valid (Unrecognized key)"],
])("says what must hold: %s", (message, constraint) => {
  expect(constraintOf(message)).toBe(constraint);
});
