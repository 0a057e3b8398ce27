/**
 * What makes OpenCode 1.18 retry an error answer, whatever its status: these patterns, matched on the whole body.
 * A refusal that is final must match none of them, or the person watches a spinner instead of reading it.
 */
export const RETRY_TRIGGERS: readonly RegExp[] = [
  /429|500|502|503|504|524/i,
  /rate increased too quickly|rate limit|rate-limit|rate_limit|too many requests/i,
  /overloaded|service[ _-]unavailable|internal[ _]error|internal server error|server[ _-]error|provider[ _]returned[ _]error|provider-returned-error/i,
  /terminated|fetch failed|failed to fetch|network[-_\s]error|upstream connect|connection error|connection refused|connection lost|socket connection was closed|socket hang up|reset before headers|getaddrinfo|enotfound|eai_again|econnrefused|econnreset|etimedout/i,
  /^timeout$|\b(?:request|response|connection|network|stream|read) (?:timeout|timed out|time out)\b/i,
  /try your request again|retry your request|resource exhausted|resource_exhausted/i,
  /\btry again (?:later|in\b)|\b(?:currently|temporarily) at capacity\b/i,
  // Not retried, but taken for a conversation that is too long, which OpenCode then compacts. The rest of that list
  // has spaces, and so cannot be an alias.
  /request_too_large|context_length_exceeded|model_context_window_exceeded/i,
  // A digit can become one of the numbers above, in any place.
  /\d/,
];

/** True where OpenCode would show the text at once instead of retrying. */
export const isFinalText = (text: string): boolean => !RETRY_TRIGGERS.some((trigger) => trigger.test(text));
