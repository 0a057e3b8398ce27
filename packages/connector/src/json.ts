/** The fields of a JSON object; of anything else, none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A finite number, also when it was written as a text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/**
 * The text value of a field at the top level of a JSON object, found without parsing the document. It stops at the
 * field, which clients write near the start.
 */
export function topLevelText(json: string, name: string): string | undefined {
  const structure = /["{}[\]]/g;
  let depth = 0;
  for (let found = structure.exec(json); found !== null; found = structure.exec(json)) {
    const mark = found[0];
    if (mark === "{" || mark === "[") depth += 1;
    if (mark === "}" || mark === "]") depth -= 1;
    if (mark !== '"') continue;
    const end = closingQuote(json, found.index);
    if (end === -1) return undefined;
    structure.lastIndex = end + 1;
    if (depth !== 1 || json.slice(found.index + 1, end) !== name) continue;
    const value = valueAfter(json, end + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Where the text ends that begins with the quote at `open`; -1 when it does not. */
export function closingQuote(json: string, open: number): number {
  for (let end = json.indexOf('"', open + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let before = end - 1;
    while (json[before] === "\\") before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}

// A name is followed by a colon; a value of the same text is not.
function valueAfter(json: string, from: number): string | undefined {
  const colon = /\s*:\s*"/y;
  colon.lastIndex = from;
  if (!colon.test(json)) return undefined;
  const end = closingQuote(json, colon.lastIndex - 1);
  if (end === -1) return undefined;
  try {
    return textOf(JSON.parse(json.slice(colon.lastIndex - 1, end + 1)));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
