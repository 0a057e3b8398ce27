import type { FailureView } from "@open-multi-auth/loopback-api/client";

/** What is wrong with one value that was sent. */
export interface Issue {
  readonly field: string;
  readonly constraint: string;
}

/** The issues of a refusal by fields, as the contracts have them. */
export function issuesOf(error: FailureView | undefined): readonly Issue[] {
  const issues: unknown = error?.details?.["issues"];
  return Array.isArray(issues) ? issues.filter(isIssue) : [];
}

const isIssue = (issue: unknown): issue is Issue =>
  typeof issue === "object" &&
  issue !== null &&
  "field" in issue &&
  "constraint" in issue &&
  typeof issue.field === "string" &&
  typeof issue.constraint === "string";
