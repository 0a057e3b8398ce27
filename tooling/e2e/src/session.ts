/** What OpenCode answered to one prompt. */
export interface Answer {
  readonly sessionId: string;
  readonly text: string;
  /** The message a person would have seen instead of an answer. */
  readonly error?: string;
}

interface Session {
  readonly id: string;
}

interface Message {
  readonly info: {
    readonly error?: { readonly name: string; readonly data?: { readonly message?: string } };
  };
  readonly parts: readonly { readonly type: string; readonly text?: string }[];
}

/** Starts a conversation with a title, so that none is asked of the model. */
export async function createSession(url: string): Promise<string> {
  return (await post<Session>(url, "/session", { title: "e2e" })).id;
}

/** Sends a prompt over OpenCode's HTTP API and waits for the whole answer. */
export async function promptSession(url: string, text: string, sessionId?: string): Promise<Answer> {
  const id = sessionId ?? (await createSession(url));
  const { info, parts } = await post<Message>(url, `/session/${id}/message`, {
    parts: [{ type: "text", text }],
  });
  const answer = parts.map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
  if (info.error === undefined) return { sessionId: id, text: answer };
  return { sessionId: id, text: answer, error: info.error.data?.message ?? info.error.name };
}

export async function abortSession(url: string, sessionId: string): Promise<void> {
  await post<boolean>(url, `/session/${sessionId}/abort`, {});
}

async function post<Body>(url: string, path: string, body: unknown): Promise<Body> {
  const response = await fetch(new URL(path, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`opencode answered ${response.status} to ${path}: ${await response.text()}`);
  return (await response.json()) as Body;
}
