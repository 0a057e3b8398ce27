import { fieldsOf } from "./json.ts";
import type { ModelRequest } from "./model-request.ts";

/**
 * The request without what only the account of the earlier turns can read: encrypted content and ids of items that
 * upstream made. All else of the conversation stays. Undefined when there was nothing of the kind.
 */
export function portableBody(body: ModelRequest["body"]): string | undefined {
  if (body === null) return undefined;
  let request: unknown;
  try {
    request = JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  const { input, ...rest } = fieldsOf(request);
  if (!Array.isArray(input)) return undefined;
  const items: readonly unknown[] = input;
  const portable = items.map(portableItem).filter((item) => item !== undefined);
  return JSON.stringify({ ...rest, input: portable });
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
