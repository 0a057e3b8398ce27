import { isServerFailure } from "./behaviour.ts";
import type { ServedGrant } from "./authorization-server.ts";
import { grantedAnswer } from "./granted-answer.ts";
import { playFailure } from "./play.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import { stringField } from "./request.ts";
import { nextStep, served } from "./served.ts";
import { challengeOf } from "./sign-ins.ts";
import { accountOf, rotateTokens, type SimState } from "./state.ts";
import { clientId } from "./tokens.ts";

/**
 * `POST /oauth/token` with the code grant of RFC 6749 §4.1.3 and the verifier of RFC 7636 §4.5. A code is used up by
 * the first request that names it, right or wrong.
 */
export function answerCodeGrant(state: SimState, body: unknown): ServedGrant {
  const held = state.signIns.takeCode(stringField(body, "code") ?? "");
  if (held === undefined) return refused(null, "the code is unknown, used or expired");
  const problem =
    stringField(body, "client_id") !== clientId
      ? "the client is another one"
      : stringField(body, "redirect_uri") !== held.redirectUri
        ? "the redirect_uri is another one"
        : challengeOf(stringField(body, "code_verifier") ?? "") === held.codeChallenge
          ? null
          : "the code_verifier does not fit the code_challenge";
  if (problem !== null) return refused(held.alias, problem);
  const account = accountOf(state, held.alias);
  const step = nextStep(account, "token", null);
  if (step !== null && isServerFailure(step)) {
    return { ...served(step, playFailure(step)), alias: held.alias, grant: null };
  }
  const tokens = rotateTokens(state, account, state.serial());
  return { ...served(step, grantedAnswer(account, tokens)), alias: held.alias, grant: null };
}

function refused(alias: string | null, why: string): ServedGrant {
  const reply: Reply = jsonAnswer(400, { error: "invalid_grant", error_description: why });
  return { ...served(null, reply), alias, grant: null };
}
