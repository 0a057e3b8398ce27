import {
  epochMs,
  failure,
  toIso,
  type Clock,
  type Fetch,
  type HttpAnswer,
  type NewAccount,
} from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { identityOf } from "./identity.ts";
import { isObject, parseJsonObject } from "./json-object.ts";
import { isOverloaded, unreachable, type SignInError } from "./sign-in-errors.ts";
import { parseTokenAnswer, type TokenAnswer } from "./token-answer.ts";
import { CLIENT_ID } from "./token-endpoint.ts";

const TIMEOUT_MS = 20_000;

/** A code and what proves that it was meant for us. */
export interface CodeExchange {
  readonly issuerUrl: string;
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly source: "browser" | "device";
}

/**
 * Exchanges an authorization code for a login (RFC 6749 section 4.1.3). The code is used up by it.
 *
 * @returns the login with what its claims tell of the account, or why there is none
 */
export function exchangeCode(
  exchange: CodeExchange,
  { fetch, clock }: { readonly fetch: Fetch; readonly clock: Clock },
): ResultAsync<NewAccount, SignInError> {
  const url = `${exchange.issuerUrl}/oauth/token`;
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: CLIENT_ID,
    code: exchange.code,
    redirect_uri: exchange.redirectUri,
    code_verifier: exchange.codeVerifier,
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  return ResultAsync.fromPromise(
    fetch(url, { method: "POST", headers, body: form.toString(), timeoutMs: TIMEOUT_MS }),
    (thrown) => unreachable(url, { thrown }),
  ).andThen((answer) => readAnswer(exchange, answer, url, clock));
}

function readAnswer(
  { source }: CodeExchange,
  { status, body }: HttpAnswer,
  url: string,
  clock: Clock,
): Result<NewAccount, SignInError> {
  const fields = parseJsonObject(body);
  const now = clock.now();
  const tokens = fields && status >= 200 && status < 300 ? parseTokenAnswer(fields, now) : undefined;
  const login = tokens && loginOf(tokens, source, toIso(now));
  if (login) return ok(login);
  if (status >= 400 && errorOf(fields) === "invalid_grant") {
    return err(
      failure("CODE_REJECTED", "the code of this sign-in was used already or is too old", { status }),
    );
  }
  if (isOverloaded(status)) return err(unreachable(url, { status }));
  return err(
    failure("TOKEN_RESPONSE_INVALID", `the token endpoint's answer (${status}) holds no login`, { status }),
  );
}

/** Without a refresh token it would end with its access token; without an access token it begins with a refresh. */
function loginOf(
  answer: TokenAnswer,
  source: NewAccount["source"],
  lastRefresh: string | undefined,
): NewAccount | undefined {
  const { refreshToken, accessToken = "", idToken, expiresAt } = answer;
  if (refreshToken === undefined) return undefined;
  const tokens = { accessToken, ...(idToken !== undefined && { idToken }) };
  const { expiresAt: _claimed, ...identity } = identityOf(tokens);
  return {
    ...identity,
    ...tokens,
    refreshToken,
    expiresAt: accessToken === "" ? epochMs(0) : expiresAt,
    ...(lastRefresh !== undefined && { lastRefresh }),
    source,
  };
}

/** OpenAI's own form, `{"error": {"code"}}`, or that of RFC 6749 section 5.2. */
function errorOf(body: Record<string, unknown> | undefined): unknown {
  const error = body?.["error"];
  return isObject(error) ? error["code"] : error;
}
