import type { FailureView } from "@open-multi-auth/loopback-api/client";
import { issuesOf } from "../../api/issues.ts";
import type { Problems } from "./draft.ts";

/** What the server found wrong, by field, in the words of the form. */
export const serverProblems = (refusal: FailureView): Problems =>
  Object.fromEntries(
    issuesOf(refusal).map(({ field, constraint }) => [field, constraint.replace(/^must/, "Must")]),
  );
