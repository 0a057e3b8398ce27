import { serveAnswer } from "./answer.ts";
import { isAccountRefusal, isServerFailure, type Step } from "./behaviour.ts";
import { playFailure, playRefusal } from "./play.ts";
import { foreignWorkspace, tokenExpired, tokenUnknown } from "./refusals.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import type { BackendRequest } from "./request.ts";
import { nextStep, served, type Served } from "./served.ts";
import type { SimAccount, SimState } from "./state.ts";
import { usageReport } from "./usage-report.ts";
import { workspacesReport } from "./workspaces.ts";

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

/** `GET /backend-api/wham/accounts/check` */
export function listWorkspaces(state: SimState, request: BackendRequest): Served {
  return forCaller(state, request, (account) =>
    served(null, jsonAnswer(200, workspacesReport(state, account))),
  );
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
