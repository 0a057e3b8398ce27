import { failure, type Failure, type ValidationIssue } from "@open-multi-auth/domain";
import { closest } from "../present/closest.ts";

/**
 * A failure with the name that was probably meant, where one of the names in it is unknown.
 *
 * @param known every name there is
 */
export function withSuggestion(found: Failure, known: readonly string[]): Failure {
  const word = issuesIn(found)
    .filter(({ field, constraint }) => field === "preset" || UNKNOWN.test(constraint))
    .map(({ field, value }) => (field === "preset" ? String(value) : field))
    .find((name) => !known.includes(name));
  const near = word === undefined ? undefined : closest(word, known);
  if (near === undefined) return found;
  return { ...found, details: { ...found.details, fix: `did you mean ${near}? nothing was changed` } };
}

/** How domain and this file say that a name is not known. */
const UNKNOWN = /no such setting|must name an account|must be the name of a setting/;

/** There is no setting of this name. */
export const unknownSetting = (name: string): Failure =>
  failure("VALIDATION_ERROR", `there is no setting "${name}"`, {
    issues: [{ field: name, constraint: "must be the name of a setting" }],
  });

function issuesIn({ details }: Failure): readonly ValidationIssue[] {
  return "issues" in details && Array.isArray(details.issues) ? details.issues : [];
}
