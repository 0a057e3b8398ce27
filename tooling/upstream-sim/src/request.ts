/** What the backend reads of a request. */
export interface BackendRequest {
  readonly accessToken: string | null;
  /** The `chatgpt-account-id` header; without it the token's own workspace is meant. */
  readonly workspace: string | null;
  readonly model: string | null;
  /** Null when it was not read. */
  readonly body: unknown;
  readonly bodyBytes: number;
}

/** A JSON object whose shape nobody has promised. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

export function stringField(value: unknown, name: string): string | null {
  const field = fieldsOf(value)[name];
  return typeof field === "string" ? field : null;
}

export function requestedEffort(body: unknown): string {
  return stringField(fieldsOf(body)["reasoning"], "effort") ?? "unknown";
}

export function wantsReasoning(body: unknown): boolean {
  const include = fieldsOf(body)["include"];
  return Array.isArray(include) && include.includes("reasoning.encrypted_content");
}

/** The last text the user wrote, or null when there is none. */
export function lastUserText(body: unknown): string | null {
  const input = fieldsOf(body)["input"];
  if (typeof input === "string") return input;
  if (!Array.isArray(input)) return null;
  const last: unknown = input.findLast((item) => stringField(item, "role") === "user");
  const content = fieldsOf(last)["content"];
  if (typeof content === "string") return content;
  return Array.isArray(content) ? stringField(content.at(-1), "text") : null;
}
