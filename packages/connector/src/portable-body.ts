import { closingQuote, fieldsOf } from "./json.ts";
import type { ModelRequest } from "./model-request.ts";

/**
 * The request without what only the account of the earlier turns can read: encrypted content, ids of items that
 * upstream made, and the answer that it goes on from. All else of the conversation stays, to the last digit.
 * Undefined when the body has no conversation in it.
 */
export function portableBody(body: ModelRequest["body"]): string | undefined {
  if (body === null) return undefined;
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  const mark = markNotIn(text);
  let request: unknown;
  try {
    request = JSON.parse(withMarkedNumbers(text, mark));
  } catch {
    return undefined;
  }
  const { input, previous_response_id: _answer, ...rest } = fieldsOf(request);
  if (!Array.isArray(input)) return undefined;
  const items: readonly unknown[] = input;
  const portable = items.map(portableItem).filter((item) => item !== undefined);
  return JSON.stringify({ ...rest, input: portable }).replaceAll(new RegExp(`"${mark}([^"]*)"`, "g"), "$1");
}

function markNotIn(json: string): string {
  const text = json.replaceAll(String.raw`\u0023`, "#");
  let mark = "#";
  while (text.includes(mark)) mark += "#";
  return mark;
}

/** Numbers that would not survive as such (`12345678901234567890`, `1.0`) become marked texts. */
function withMarkedNumbers(json: string, mark: string): string {
  const token = /"|-?\d[\d.eE+-]*/g;
  let marked = "";
  let from = 0;
  for (let found = token.exec(json); found !== null; found = token.exec(json)) {
    const number = found[0];
    if (number === '"') {
      const end = closingQuote(json, found.index);
      if (end === -1) break;
      token.lastIndex = end + 1;
    } else if (String(Number(number)) !== number) {
      marked += `${json.slice(from, found.index)}"${mark}${number}"`;
      from = token.lastIndex;
    }
  }
  return marked + json.slice(from);
}

// Items of reasoning and of compacted history are empty once their encrypted content is gone, unless they also say
// something in plain.
function portableItem(item: unknown): unknown {
  const fields = fieldsOf(item);
  const type = fields["type"];
  if (type === "item_reference") return undefined;
  if (fields["id"] === undefined && fields["encrypted_content"] === undefined) return item;
  const { id: _id, encrypted_content: encrypted, ...kept } = fields;
  return encrypted !== undefined && !saysSomething(kept) ? undefined : kept;
}

function saysSomething({
  type: _type,
  status: _status,
  ...fields
}: Readonly<Record<string, unknown>>): boolean {
  return Object.values(fields).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== "",
  );
}
