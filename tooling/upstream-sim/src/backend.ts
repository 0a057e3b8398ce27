import { takeStep } from "./script.ts";
import { isAccountRefusal, isServerFailure, type Endpoint, type Step } from "./behaviour.ts";
import { serveAnswer } from "./answer.ts";
import { playFailure, playRefusal, withHeaders } from "./play.ts";
import { foreignWorkspace, tokenExpired, tokenUnknown } from "./refusals.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import type { SimAccount, SimState } from "./state.ts";
import { usageReport } from "./usage-report.ts";

/** What the backend reads of a request. */
export interface BackendRequest {
  readonly accessToken: string | null;
  /** The `chatgpt-account-id` header; without it the token's own workspace is meant. */
  readonly workspace: string | null;
  readonly model: string | null;
  /** Undefined when it was not read. */
  readonly body: unknown;
  readonly bodyBytes: number;
}

/** A reply with what the log and the socket need to know about it. */
export interface Served {
  readonly reply: Reply;
  readonly behaviour: string | null;
  readonly delayMs: number;
}

/** `POST /backend-api/codex/responses` */
export function respond(state: SimState, request: BackendRequest): Served {
  return forCaller(state, request, (account) => {
    const step = nextStep(account, "responses", request.model);
    return served(step, playResponses(step ?? { kind: "ok" }, account, state, request));
  });
}

/** `GET /backend-api/wham/usage` */
export function reportUsage(state: SimState, request: BackendRequest): Served {
  return forCaller(state, request, (account) => {
    const step = nextStep(account, "usage", request.model);
    return served(step, playUsage(step ?? { kind: "ok" }, account, state, request));
  });
}

/** Takes the account's next step off its script; null means: behave normally. */
export function nextStep<E extends Endpoint>(
  account: SimAccount,
  endpoint: E,
  model: string | null,
): Step<E> | null {
  const scripts: { [K in E]: readonly Step<K>[] } = account.scripts;
  const { step, rest } = takeStep<E>(scripts[endpoint], model);
  scripts[endpoint] = rest;
  return step;
}

export function served(step: Step | null, reply: Reply): Served {
  return {
    reply: withHeaders(reply, step?.headers),
    behaviour: step?.kind ?? null,
    delayMs: step?.delayMs ?? 0,
  };
}

function forCaller(state: SimState, request: BackendRequest, serve: (account: SimAccount) => Served): Served {
  const issued = request.accessToken === null ? undefined : state.accessTokens.get(request.accessToken);
  if (issued === undefined) return served(null, tokenUnknown());
  if (issued.expiresAt <= state.now()) return served(null, tokenExpired());
  const { account } = issued;
  const foreign = request.workspace !== null && request.workspace !== account.profile.accountId;
  return foreign ? served(null, foreignWorkspace()) : serve(account);
}

function playResponses(
  step: Step<"responses">,
  account: SimAccount,
  state: SimState,
  request: BackendRequest,
): Reply {
  if (isServerFailure(step)) return playFailure(step);
  if (isAccountRefusal(step)) return playRefusal(step, { account, ...request, now: state.now() });
  return serveAnswer(step, account, state, request);
}

function playUsage(
  step: Step<"usage">,
  account: SimAccount,
  state: SimState,
  request: BackendRequest,
): Reply {
  if (isServerFailure(step)) return playFailure(step);
  if (isAccountRefusal(step)) return playRefusal(step, { account, ...request, now: state.now() });
  return jsonAnswer(200, usageReport(account.profile, account.windows, state.now()));
}
