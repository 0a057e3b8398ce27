/** Reading what clients send, without trusting its shape. */

type Fields = Readonly<Record<string, unknown>>;

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
