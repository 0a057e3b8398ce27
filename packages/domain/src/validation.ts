import { constraintOf } from "./constraint.ts";
import { failure, type Failure } from "./failure.ts";
import { redact } from "./redact.ts";

/** A value that does not hold what its field must. */
export interface ValidationIssue {
  /** The path of the field, as `accountWeights.work`. */
  readonly field: string;
  /** What must hold, as a predicate: `must be a number`. */
  readonly constraint: string;
  /** What was given; texts are redacted and cut short, as they may be secrets pasted amiss. */
  readonly value?: unknown;
}

/** Input that was refused as a whole; the sender corrects the named fields. */
export type ValidationError = Failure<"VALIDATION_ERROR", { issues: readonly ValidationIssue[] }>;

/** The failure that names every issue. */
export function validationError(issues: readonly ValidationIssue[]): ValidationError {
  const message = issues.map(({ field, constraint }) => `${field} ${constraint}`).join("; ");
  return failure("VALIDATION_ERROR", message, { issues });
}

/** An issue with its value made fit to be shown. */
export function issue(field: string, constraint: string, value?: unknown): ValidationIssue {
  return value === undefined ? { field, constraint } : { field, constraint, value: shown(value) };
}

interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** What a schema found, in our words. */
export function issuesOf(
  error: SchemaError,
  input: unknown,
  prefix: readonly string[] = [],
): ValidationIssue[] {
  return error.issues.map(({ path, message }) => {
    const field = [...prefix, ...path.map(String)].join(".");
    return issue(field, constraintOf(message), valueAt(input, path));
  });
}

const MOST_SHOWN = 64;

function shown(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return redact(typeof value === "string" ? value : textOf(value)).slice(0, MOST_SHOWN);
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // Nested so deeply that it can be read, but not written.
    return typeof value;
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}
