import { failure, type Account, type Clock, type HttpAnswer } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import type { ProbeError } from "./errors.ts";
import { identityProbed } from "./identity.ts";
import type { LimitsReading } from "./outcome.ts";
import type { ProbeFetch, ProbeToken, ProbeTokens } from "./ports.ts";
import type { ProbeAttempt, ProbeRunner } from "./runner.ts";
import { tokenUnavailable } from "./token-unavailable.ts";
import { parseUsageAnswer } from "./usage-answer.ts";

const SOURCE = { kind: "usage-endpoint" } as const;
/** It answers within a second; a person waits for it. */
const TIMEOUT_MS = 15_000;

/** What the runner is made of. */
export interface UsageEndpointDeps {
  readonly tokens: ProbeTokens;
  readonly fetch: ProbeFetch;
  readonly clock: Clock;
  /** Where `/wham/usage` hangs, without a slash at its end. */
  readonly upstreamUrl: string;
}

/**
 * The usage endpoint with the account's own access token: one request, no model turn, no quota.
 *
 * A token that is refused (401, 403) is renewed once, through the pool, and the request repeated once.
 */
export function createUsageEndpoint(deps: UsageEndpointDeps): ProbeRunner {
  return {
    kind: SOURCE.kind,
    spendsQuota: false,
    async run(account, signal): Promise<ProbeAttempt> {
      const token = await deps.tokens.ensureFresh(account.id);
      if (token.isErr()) return { source: SOURCE, result: err(tokenUnavailable(token.error)) };
      const first = await ask(account, token.value, signal, deps);
      if (!isTokenRefused(first.result)) return first;
      const { fingerprint: rejected } = token.value;
      const renewed = await deps.tokens.ensureFresh(account.id, { rejected });
      return renewed.isErr() ? first : ask(account, renewed.value, signal, deps);
    },
  };
}

async function ask(
  account: Account,
  token: ProbeToken,
  signal: AbortSignal,
  { fetch, clock, upstreamUrl }: UsageEndpointDeps,
): Promise<ProbeAttempt> {
  const { accessToken, upstreamAccountId, fingerprint: login } = token;
  const askedAt = clock.now();
  const request = {
    method: "GET",
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: "application/json",
      "user-agent": "open-multi-auth",
      ...(upstreamAccountId !== undefined && { "chatgpt-account-id": upstreamAccountId }),
    },
    timeoutMs: TIMEOUT_MS,
  } as const;
  let answer: HttpAnswer;
  try {
    answer = await fetch(`${upstreamUrl}/wham/usage`, request, signal);
  } catch (thrown) {
    return { source: SOURCE, login, result: err(unanswered(thrown)) };
  }
  const probed = identityProbed(account, token);
  return { source: SOURCE, login, result: parseUsageAnswer(answer, probed, askedAt) };
}

function isTokenRefused(result: Result<LimitsReading, ProbeError>): boolean {
  if (result.isOk() || result.error.code !== "PROBE_REFUSED") return false;
  const { status } = result.error.details;
  return status === 401 || status === 403;
}

/** Only the name of the fault: its message may quote the request. */
function unanswered(thrown: unknown): ProbeError {
  const errorCode =
    codeOf(thrown) ?? codeOf(thrown instanceof Error ? thrown.cause : undefined) ?? nameOf(thrown);
  const why = errorCode === undefined ? "" : ` (${errorCode})`;
  return failure("PROBE_UNANSWERED", `no answer came${why}`, {
    ...(errorCode !== undefined && { errorCode }),
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z_]{2,40}$/.test(code) ? code : undefined;
}

const nameOf = (error: unknown): string | undefined =>
  error instanceof Error && /^[A-Za-z]{2,40}$/.test(error.name) ? error.name : undefined;
