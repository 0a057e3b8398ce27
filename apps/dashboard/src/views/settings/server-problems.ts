import type { FailureView } from "@open-multi-auth/loopback-api/client";
import type { Problems } from "./draft.ts";

/** What the server found wrong, by field, in the words of the form. */
export function serverProblems({ details }: FailureView): Problems {
  const issues: unknown = details?.["issues"];
  if (!Array.isArray(issues)) return {};
  return Object.fromEntries(
    issues.filter(isIssue).map(({ field, constraint }) => [field, constraint.replace(/^must/, "Must")]),
  );
}

const isIssue = (issue: unknown): issue is { field: string; constraint: string } =>
  typeof issue === "object" &&
  issue !== null &&
  "field" in issue &&
  "constraint" in issue &&
  typeof issue.field === "string" &&
  typeof issue.constraint === "string";
