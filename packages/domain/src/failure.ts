/**
 * An expected failure as a value: `code` for programs, `message` for people, `details` for facts.
 *
 * `message`, `details` and `cause` are safe to print: secrets stay out of them.
 */
export interface Failure<Code extends string = string, Details extends object = object> {
  readonly code: Code;
  readonly message: string;
  readonly details: Readonly<Details>;
  readonly cause?: unknown;
}

/** Builds a {@link Failure}; `cause` is kept only where there is one. */
export function failure<const Code extends string, Details extends object>(
  code: Code,
  message: string,
  details: Details,
  cause?: unknown,
): Failure<Code, Details> {
  return cause === undefined ? { code, message, details } : { code, message, details, cause };
}

/** The text of whatever was thrown, for a failure's message. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
