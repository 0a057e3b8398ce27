import { sessionId, type SessionId } from "@open-multi-auth/domain";

/** Longer ones are no names of conversations. */
const LONGEST = 256;

/** Which conversation a request belongs to, and the one it was started from as a sub-agent. */
export interface Conversation {
  readonly sessionId?: SessionId;
  readonly parentSessionId?: SessionId;
}

/**
 * Reads a request's conversation from the headers that the Codex CLI and OpenCode send, else from the key under which the
 * client wants its prompt cached.
 */
export function conversationOf(
  headers: Readonly<Record<string, string>>,
  promptCacheKey: string | undefined,
): Conversation {
  const session = idOf(
    headers["session-id"] ?? headers["session_id"] ?? headers["x-session-id"] ?? promptCacheKey,
  );
  const parent = idOf(headers["x-parent-session-id"]);
  return {
    ...(session !== undefined && { sessionId: session }),
    ...(parent !== undefined && { parentSessionId: parent }),
  };
}

function idOf(value: string | undefined): SessionId | undefined {
  return value === undefined || value === "" || value.length > LONGEST ? undefined : sessionId(value);
}
