const BODY_BYTES = 9 * 1024;
/** Turns of one conversation: some requests place a new one, most go where theirs is. */
const TURNS = 50;

/** A request in the shape of OpenCode 1.18, with a body of 9 KB. */
export interface OpenCodeRequest {
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** The next requests, made before anything is measured: one conversation after the other. */
export function requestsFrom(first: number, count: number): readonly OpenCodeRequest[] {
  // One text for a whole conversation, so that what is measured does not clean up after thousands of prompts.
  const bodies = new Map<string, string>();
  return Array.from({ length: count }, (_, index) => {
    const session = `ses_bench${String(Math.floor((first + index) / TURNS)).padStart(9, "0")}`;
    const body = bodies.get(session) ?? bodyOf(session);
    bodies.set(session, body);
    return requestOf(session, body);
  });
}

function requestOf(session: string, body: string): OpenCodeRequest {
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: "Bearer open-multi-auth",
      originator: "opencode",
      "user-agent": "opencode/1.18.33 ai-sdk/provider-utils/4.0.40 runtime/bun/1.3.14",
      "session-id": session,
      "x-session-id": session,
      "x-session-affinity": session,
    },
    body,
    signal: new AbortController().signal,
  };
}

function bodyOf(session: string): string {
  const empty = serialize(session, "");
  return serialize(session, "x".repeat(BODY_BYTES - empty.length));
}

function serialize(session: string, text: string): string {
  return JSON.stringify({
    model: "gpt-5.5",
    instructions: "You are a coding agent.",
    input: [{ role: "user", content: [{ type: "input_text", text }] }],
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: session,
    reasoning: { effort: "medium", summary: "auto" },
    store: false,
    stream: true,
  });
}
