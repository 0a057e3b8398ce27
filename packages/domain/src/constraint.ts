const ARTICLES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

/** What must hold for a field, as a predicate ("must be a string"), out of the schema library's message. */
export function constraintOf(message: string): string {
  const expected = /expected (?<what>.+?)(?:, received .*)?$/.exec(message)?.groups?.["what"];
  if (expected !== undefined) {
    const bound = /^\S+ to (?<bound>(?:be|have) .+)$/.exec(expected)?.groups?.["bound"];
    return `must ${bound ?? `be ${ARTICLES[expected] ?? expected}`}`;
  }
  return /\bmust .+$/.exec(message)?.[0] ?? `must be valid (${message})`;
}
