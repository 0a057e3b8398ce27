/** The upstream's own word for a refusal, such as `deactivated_workspace`; nothing longer, and nothing private. */
export function refusalReason(body: unknown): string | undefined {
  const error = fieldOf(body, "error");
  const detail = fieldOf(body, "detail");
  const candidates = [fieldOf(error, "code"), fieldOf(error, "type"), fieldOf(detail, "code"), error];
  return candidates.find((word): word is string => typeof word === "string" && /^[a-z_]{3,40}$/.test(word));
}

/** A field of a JSON object; of anything else, `undefined`. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
