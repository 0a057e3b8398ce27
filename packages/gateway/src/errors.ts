/** An error on its way to a client. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the error, beside `code` and `message`. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The body of an error: `{"error": {"code", "message", ...}}`, with `type` for clients of OpenAI's API. */
export function errorBody({ code, message, more }: ErrorAnswer): string {
  return JSON.stringify({ error: { type: code.toLowerCase(), code, message, ...more } });
}
