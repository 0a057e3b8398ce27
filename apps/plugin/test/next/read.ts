/** Why a request failed, in the host's words. */
export interface Failure {
  readonly type: string;
  readonly message: string;
  readonly isRetryable: boolean;
  readonly retryAfterMs?: number;
}

const QUOTA_TEXT = /quota[-_\s]?exceeded|usage limit|limit exhausted/i;

/** Reads an answer as the host does: what its status says by its rules, and its events. */
export async function read(response: Response, signal: AbortSignal): Promise<string | Failure> {
  if (response.status >= 400) return failed(response, await response.text());
  let text = "";
  const reader = response.body!.getReader();
  signal.addEventListener("abort", () => void reader.cancel());
  const decoder = new TextDecoder();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    text += decoder.decode(chunk.value, { stream: true });
  if (text.includes('"response.completed"')) return text;
  return { type: "provider.invalid-output", message: "the stream ended early", isRetryable: true };
}

function failed({ status, headers }: Response, body: string): Failure {
  const message = /"message":"([^"]*)"/.exec(body)?.[1] ?? body;
  const isQuota = status === 402 || (status === 429 && QUOTA_TEXT.test(body));
  const isAuth = status === 401 || status === 403;
  const isPassing = status === 429 || status === 408 || status >= 500;
  const override = headers.get("x-should-retry");
  const seconds = headers.get("retry-after");
  const byKind = isPassing && !isQuota;
  return {
    type: isQuota ? "provider.quota" : isAuth ? "provider.auth" : "provider.other",
    message,
    isRetryable: override === null ? byKind : override === "true",
    // Heeded for a rate limit, not for a quota.
    ...(byKind && seconds !== null && { retryAfterMs: Number(seconds) * 1000 }),
  };
}
