import { err, ok, ResultAsync, type Result } from "neverthrow";
import { answer, type Answer } from "./answer.ts";
import { attempt } from "./attempt.ts";
import { trying } from "./failover-session.ts";
import { createDeadlines } from "./deadlines.ts";
import { refuse } from "./finish.ts";
import { forgiving } from "./forgiving.ts";
import type { ModelRequest } from "./model-request.ts";
import type { ConnectorDeps, Limits } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import {
  recordDeferred,
  recordDoubt,
  resumeWalk,
  startWalk,
  takeNext,
  type Context,
  type Walk,
} from "./walk.ts";

/** Answers model requests from the accounts of a pool. */
export interface Connector {
  /**
   * Sends the request with the account that is selected for it, and with the next ones while accounts fail.
   *
   * @returns the upstream's answer, its body flowing through chunk by chunk; an error answer only where it is the
   * request's own fault. Or the refusal, when no account could serve.
   */
  handle(request: ModelRequest): ResultAsync<Answer, Refusal>;
}

const DEFAULT_LIMITS: Limits = {
  headMs: 90_000,
  holdMs: 30_000,
  holdBytes: 1_048_576,
  refusalMs: 2_000,
  tokenRestMs: 60_000,
};

/** How finely deadlines are met: the shortest ends an eighth late at most. */
const TICKS = 8;

/** Builds the connector. It keeps no state of its own: all of it is in the pool. */
export function createConnector(deps: ConnectorDeps): Connector {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const timers = createDeadlines(deps.timers, Math.min(limits.holdMs, limits.refusalMs) / TICKS);
  const context: Context = forgiving({ ...deps, limits, timers });
  return { handle: (request) => new ResultAsync(handle(request, context)) };
}

async function handle(request: ModelRequest, context: Context): Promise<Result<Answer, Refusal>> {
  const walk = startWalk(request, context);
  const first = await tryAccounts(walk);
  if (first !== undefined) return first;
  if (await resumeWalk(walk)) {
    const second = await tryAccounts(walk);
    if (second !== undefined) return second;
  }
  const isOffline = !walk.reached && walk.deferred.length > 0;
  if (isOffline) return err(refuse(walk, "HOST_OFFLINE"));
  recordDeferred(walk);
  recordDoubt(walk);
  const isUntried = walk.session.tried.length === 0;
  return err(refuse(walk, isUntried ? "NO_ELIGIBLE_ACCOUNTS" : "ALL_ACCOUNTS_EXHAUSTED"));
}

/** Undefined when all accounts that may be tried have failed. */
async function tryAccounts(walk: Walk): Promise<Result<Answer, Refusal> | undefined> {
  const { signal } = walk.journal.request;
  for (let account = takeNext(walk); account !== undefined; account = takeNext(walk)) {
    if (signal?.aborted === true) return err(refuse(walk, "REQUEST_ABORTED"));
    walk.session = trying(walk.session, account.id);
    walk.context.pool.began(account.id);
    const end = await attempt(walk, account);
    if (end.kind !== "answer") walk.context.pool.ended(account.id);
    if (walk.reached) recordDeferred(walk);
    switch (end.kind) {
      case "answer":
        recordDoubt(walk);
        return ok(answer(walk, account, end));
      case "aborted":
        return err(refuse(walk, "REQUEST_ABORTED"));
      case "host-offline":
        return err(refuse(walk, "HOST_OFFLINE"));
      case "failed":
        break;
      default:
        return end satisfies never;
    }
  }
  return undefined;
}
