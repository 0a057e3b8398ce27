import type { Failure } from "@open-multi-auth/domain";
import { fixOf } from "../present/failures.ts";

/** What one check found. Anything but `ok` says what to do about it. */
export type Finding = { readonly name: string; readonly message: string } & (
  | { readonly status: "ok" }
  | { readonly status: "warn" | "fail"; readonly fix: string }
);

export const fine = (name: string, message: string): Finding => ({ name, status: "ok", message });

export const warning = (name: string, message: string, fix: string): Finding => ({
  name,
  status: "warn",
  message,
  fix,
});

export const failed = (name: string, message: string, fix: string): Finding => ({
  name,
  status: "fail",
  message,
  fix,
});

/** A failure as a finding. */
export const failedWith = (name: string, problem: Failure): Finding =>
  failed(name, problem.message, fixOf(problem) ?? "see the message");
