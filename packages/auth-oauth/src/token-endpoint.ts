import { failure, type AccountId, type Clock, type Fetch, type HttpAnswer } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import type { ExchangeError, RejectionReason } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { isObject, parseJsonObject, type JsonObject } from "./json-object.ts";
import { parseTokenAnswer, type TokenAnswer } from "./token-answer.ts";

/** The public client of the upstream's own command line; refresh tokens are bound to it. */
export const CLIENT_ID = "app_EMoamEEZ73f0CkXaXp7hrann";
/** An answer that comes later is lost, and the refresh token with it: no request waits so long, but the exchange does. */
const TIMEOUT_MS = 60_000;

const REJECTIONS: Readonly<Record<string, RejectionReason>> = {
  refresh_token_reused: "reused",
  refresh_token_invalidated: "revoked",
  refresh_token_expired: "expired",
  invalid_grant: "malformed",
};

/** One use of a refresh token. */
export interface RefreshRequest {
  readonly accountId: AccountId;
  readonly refreshToken: string;
  readonly issuerUrl: string;
}

/**
 * Exchanges a refresh token for a new token set (RFC 6749 section 6). The token sent is used up by it.
 *
 * @returns whatever tokens the answer holds, to be stored before they are judged; or why it holds none
 */
export function refreshTokenSet(
  request: RefreshRequest,
  deps: { readonly fetch: Fetch; readonly clock: Clock },
): ResultAsync<TokenAnswer & { readonly status: number }, ExchangeError> {
  const url = `${request.issuerUrl}/oauth/token`;
  const sent = deps.fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      client_id: CLIENT_ID,
      grant_type: "refresh_token",
      refresh_token: request.refreshToken,
    }),
    timeoutMs: TIMEOUT_MS,
  });
  return ResultAsync.fromPromise(sent, (thrown) =>
    unreachable(request, { errorCode: errorCodeOf(thrown) }),
  ).andThen((answer) => readAnswer(request, answer, deps.clock));
}

function readAnswer(
  request: RefreshRequest,
  answer: HttpAnswer,
  clock: Clock,
): Result<TokenAnswer & { readonly status: number }, ExchangeError> {
  const { status } = answer;
  const body = parseJsonObject(answer.body);
  const tokens = body && status >= 200 && status < 300 ? parseTokenAnswer(body, clock.now()) : undefined;
  if (tokens) return ok({ ...tokens, status });
  const reason = status >= 400 && status < 500 ? rejectionOf(body) : undefined;
  if (reason) return err(rejected(request, reason));
  if (status >= 500 || status === 408 || status === 429) return err(unreachable(request, { status }));
  const details = { accountId: request.accountId, status };
  return err(
    failure("TOKEN_RESPONSE_INVALID", `the token endpoint's answer (${status}) holds no tokens`, details),
  );
}

/** OpenAI's own form, `{"error": {"code"}}`, or that of RFC 6749 section 5.2, `{"error": code}`. */
function rejectionOf(body: JsonObject | undefined): RejectionReason | undefined {
  const error = body?.["error"];
  const code = isObject(error) ? error["code"] : error;
  return typeof code === "string" && Object.hasOwn(REJECTIONS, code) ? REJECTIONS[code] : undefined;
}

const MEANINGS: Readonly<Record<RejectionReason, string>> = {
  reused: "it was already used",
  revoked: "it was revoked",
  expired: "it has expired",
  malformed: "it is not valid",
};

function rejected({ accountId, refreshToken }: RefreshRequest, reason: RejectionReason): ExchangeError {
  const message = `the token endpoint refused the refresh token: ${MEANINGS[reason]}`;
  return failure("REFRESH_TOKEN_REJECTED", message, {
    accountId,
    reason,
    fingerprint: fingerprint(refreshToken),
  });
}

function unreachable(
  { accountId, issuerUrl }: RefreshRequest,
  { status, errorCode }: { readonly status?: number; readonly errorCode?: string | undefined },
): ExchangeError {
  // An issuer may be configured with credentials in its address.
  const { origin, pathname } = new URL(`${issuerUrl}/oauth/token`);
  const why = status ?? errorCode;
  return failure(
    "TOKEN_ENDPOINT_UNREACHABLE",
    why === undefined ? "the token endpoint gave no answer" : `the token endpoint gave no answer (${why})`,
    {
      accountId,
      tokenEndpoint: origin + pathname,
      ...(status !== undefined && { status }),
      ...(errorCode !== undefined && { errorCode }),
    },
  );
}

/** The name of a network error or timeout: ECONNREFUSED, TimeoutError. Its message may quote the request. */
export function errorCodeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = codeOf(thrown) ?? codeOf(thrown.cause) ?? thrown.name;
  return /^[A-Za-z_]{2,40}$/.test(code) ? code : undefined;
}

function codeOf(error: unknown): string | undefined {
  const named = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof named === "string" ? named : undefined;
}
