import { isServerFailure, type TokenRefusal } from "./behaviour.ts";
import { answerCodeGrant } from "./code-grant.ts";
import { grantedAnswer } from "./granted-answer.ts";
import type { GrantUse, RefusedGrant } from "./grants.ts";
import { playFailure } from "./play.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import { stringField } from "./request.ts";
import { nextStep, served, type Served } from "./served.ts";
import { accountOf, rotateTokens, type SimAccount, type SimState } from "./state.ts";

/** A served token request, with what became of its grant. */
export interface ServedGrant extends Served {
  readonly alias: string | null;
  readonly grant: GrantUse | null;
}

/** `POST /oauth/token` with the refresh grant of RFC 6749 §6, or the code grant. `body` is the parsed JSON or form. */
export function answerTokenRequest(state: SimState, body: unknown): ServedGrant {
  if (stringField(body, "grant_type") === "authorization_code") return answerCodeGrant(state, body);
  const refreshToken = stringField(body, "refresh_token") ?? "";
  if (stringField(body, "grant_type") !== "refresh_token") {
    return {
      ...served(null, jsonAnswer(400, { error: "unsupported_grant_type" })),
      alias: null,
      grant: null,
    };
  }
  const alias = state.grants.aliasOf(refreshToken);
  if (alias === null) {
    return { ...served(null, refusal("malformed")), alias, grant: { refreshToken, result: "malformed" } };
  }
  return { ...serveGrant(state, accountOf(state, alias), refreshToken), alias };
}

function serveGrant(state: SimState, account: SimAccount, refreshToken: string): Omit<ServedGrant, "alias"> {
  const step = nextStep(account, "token", null);
  if (step === null || step.kind === "ok") {
    const { reply, result } = redeem(state, account, refreshToken);
    return { ...served(step, reply), grant: { refreshToken, result } };
  }
  if (isServerFailure(step)) {
    return { ...served(step, playFailure(step)), grant: { refreshToken, result: "failed" } };
  }
  const result = scriptedRefusals[step.kind];
  return { ...served(step, refusal(result)), grant: { refreshToken, result } };
}

const scriptedRefusals: Readonly<Record<TokenRefusal["kind"], RefusedGrant>> = {
  "refresh-reused": "reused",
  "refresh-revoked": "revoked",
  "refresh-expired": "expired",
  "refresh-malformed": "malformed",
};

function redeem(
  state: SimState,
  account: SimAccount,
  refreshToken: string,
): { readonly reply: Reply; readonly result: "granted" | RefusedGrant } {
  const redemption = state.grants.redeem(refreshToken);
  if (redemption.result !== "granted")
    return { reply: refusal(redemption.result), result: redemption.result };
  const tokens = rotateTokens(state, account, redemption.family);
  return { reply: grantedAnswer(account, tokens), result: "granted" };
}

const refusalTexts: Readonly<Record<Exclude<RefusedGrant, "malformed">, readonly [string, string]>> = {
  reused: [
    "refresh_token_reused",
    "Your refresh token has already been used to generate a new access token. Please try signing in again.",
  ],
  revoked: ["refresh_token_invalidated", "Your session has ended. Please log in again."],
  expired: ["refresh_token_expired", "Your refresh token has expired. Please try signing in again."],
};

function refusal(reason: RefusedGrant): Reply {
  if (reason === "malformed") {
    return jsonAnswer(400, { error: "invalid_grant", error_description: "Invalid refresh token" });
  }
  const [code, message] = refusalTexts[reason];
  return jsonAnswer(401, { error: { message, type: "invalid_request_error", param: null, code } });
}
