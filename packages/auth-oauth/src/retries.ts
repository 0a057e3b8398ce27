import type { Clock, DurationMs, Fetch } from "@open-multi-auth/domain";
import type { Result } from "neverthrow";
import type { EndpointTrouble } from "./endpoint-trouble.ts";
import type { ExchangeError } from "./errors.ts";
import type { Timers } from "./ports.ts";
import type { TokenAnswer } from "./token-answer.ts";
import { refreshTokenSet, type RefreshRequest } from "./token-endpoint.ts";

/** Someone may be waiting. */
const PAUSES_MS: readonly DurationMs[] = [250, 1_000];
/** A silent endpoint was waited for long enough; one that asks to slow down is heeded. */
const NOT_AT_ONCE: ReadonlySet<unknown> = new Set(["TimeoutError", 429]);

interface Deps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly trouble: EndpointTrouble;
}

/**
 * Exchanges a refresh token, and tries again where the failure looks like a passing one. Where the endpoint failed
 * others just now, one try is enough.
 */
export async function exchangeWithRetries(
  request: RefreshRequest,
  deps: Deps,
): Promise<Result<TokenAnswer & { readonly status: number }, ExchangeError>> {
  const pauses = deps.trouble.isKnown() ? [] : PAUSES_MS;
  let answer = await refreshTokenSet(request, deps);
  for (const pauseMs of pauses) {
    if (!isPassing(answer)) break;
    await deps.timers.pause(pauseMs);
    answer = await refreshTokenSet(request, deps);
  }
  if (answer.isErr() && answer.error.code === "TOKEN_ENDPOINT_UNREACHABLE") deps.trouble.note();
  else deps.trouble.isOver();
  return answer;
}

function isPassing(answer: Result<unknown, ExchangeError>): boolean {
  if (answer.isOk() || answer.error.code !== "TOKEN_ENDPOINT_UNREACHABLE") return false;
  const { status, errorCode } = answer.error.details;
  return !NOT_AT_ONCE.has(status ?? errorCode);
}
