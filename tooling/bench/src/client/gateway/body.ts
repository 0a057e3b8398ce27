/** A request in the shape of the Codex CLI's, of this many bytes: a long conversation in many items. */
export function bodyOf(session: string, bytes: number): string {
  const empty = serialize(session, 0, 0);
  const items = Math.max(1, Math.min(200, Math.floor(bytes / 2_000)));
  const perItem = Math.floor((bytes - empty.length) / items);
  return serialize(session, items, perItem);
}

/** What is around the text of one item. */
const AROUND = 68;

function serialize(session: string, items: number, perItem: number): string {
  const text = TEXT.repeat(Math.ceil(perItem / TEXT.length)).slice(0, Math.max(0, perItem - AROUND));
  return JSON.stringify({
    model: "gpt-5.5",
    instructions: "You are a coding agent.",
    input: Array.from({ length: items }, () => ({ role: "user", content: [{ type: "input_text", text }] })),
    tool_choice: "auto",
    parallel_tool_calls: false,
    reasoning: { effort: "low", context: "all_turns" },
    store: false,
    stream: true,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: session,
  });
}

/** Prose and code, as conversations with an agent are; no two quotes or escapes of it stand alone in JSON. */
const TEXT =
  'const answer = await fetch("http://127.0.0.1:4141/v1/responses");\nIt returns what the server said, line by line. ';
