import type { Account, AccountId, Model } from "@open-multi-auth/domain";
import {
  boundAccount,
  eligibility,
  homeAccount,
  select,
  type AccountEvent,
  type Selection,
} from "@open-multi-auth/scheduler";
import {
  nextAccount,
  passedOver,
  reasonOfIneligibility,
  resumed,
  startFailover,
  widened,
  type FailoverSession,
} from "./failover-session.ts";
import type { Choice, Journal } from "./journal.ts";
import { modelOf, type ModelRequest } from "./model-request.ts";
import type { AccountPool, ConnectorDeps, Limits } from "./ports.ts";

/** The ports and bounds of a connector, ready for use. */
export type Context = Omit<ConnectorDeps, "limits"> & { readonly limits: Limits };

type PoolEvent = Parameters<AccountPool["record"]>[0];

/** One request on its way through the accounts. */
export interface Walk {
  readonly context: Context;
  readonly journal: Journal;
  session: FailoverSession;
  /** Most requests need no second account, so the order to fail over in is asked for only when the first has failed. */
  isWidened: boolean;
  /** What is sent; it changes when content only an earlier account can read had to be dropped. */
  body: ModelRequest["body"];
  /** Something answered, so the machine is not offline. */
  reached: boolean;
  /** What held against accounts if the machine turns out not to be offline. */
  readonly deferred: PoolEvent[];
  lastStatus: number | undefined;
  /** A refusal that may not be about the credential it was given for; the next account's answer tells. */
  doubt: { readonly code: string; readonly event: PoolEvent } | undefined;
}

/** Selects the account for a request. Memory only. */
export function startWalk(request: ModelRequest, context: Context): Walk {
  const model = modelOf(request);
  const choice = choose(request, model, context);
  const { pool, selection, selectedAt } = choice;
  const walk: Walk = {
    context,
    journal: {
      requestId: context.ids(),
      at: selectedAt,
      request,
      model,
      ...choice,
      attempts: [],
      firstByteMs: null,
    },
    session: startFailover(firstOf(selection), pool.state.settings.maxTransientAttempts),
    isWidened: false,
    body: request.body,
    reached: false,
    deferred: [],
    lastStatus: undefined,
    doubt: undefined,
  };
  if (selection.kind === "use") place(walk, selection.account.id, selection.rotation);
  return walk;
}

/**
 * Reads the pool once more and goes on with what was repaired meanwhile.
 *
 * @returns whether there is an account to try
 */
export async function resumeWalk(walk: Walk): Promise<boolean> {
  const { context, journal } = walk;
  const before = context.pool.snapshot().state.accounts;
  await context.pool.reload();
  const again = choose(journal.request, journal.model, context);
  const eligible = new Set(
    again.selection.candidates.filter((one) => one.eligible).map((one) => one.accountId),
  );
  const order = idsOf(again.selection).filter((id) => eligible.has(id));
  walk.session = resumed(walk.session, order, (id) => isReplaced(id, before, again.pool.state.accounts));
  const isResumed = nextAccount(walk.session) !== undefined;
  if (journal.selection.kind === "none" && isResumed) {
    Object.assign(journal, again);
    if (again.selection.kind === "use") place(walk, again.selection.account.id, again.selection.rotation);
  }
  return isResumed;
}

function choose(request: ModelRequest, model: Model | undefined, context: Context): Choice {
  const { clock, random } = context;
  const selectedAt = clock.now();
  const pool = context.pool.snapshot();
  const draws: number[] = [];
  const recorded = {
    next(): number {
      const drawn = random.next();
      draws.push(drawn);
      return drawn;
    },
  };
  const bound = boundAccount(pool.affinity, request, selectedAt);
  const home = homeAccount(pool.affinity, request, selectedAt);
  const wanted = {
    ...(model !== undefined && { model }),
    ...(bound !== undefined && { bound }),
    ...(home !== undefined && { home }),
  };
  return {
    pool,
    selectedAt,
    bound,
    home,
    draws,
    selection: select(pool.state, wanted, selectedAt, recorded),
  };
}

function isReplaced(id: AccountId, before: readonly Account[], now: readonly Account[]): boolean {
  const [old, fresh] = [before, now].map((accounts) => accounts.find((account) => account.id === id));
  return old?.accessToken !== fresh?.accessToken || old?.refreshToken !== fresh?.refreshToken;
}

/** The next account to try, as it is by now: others may have met its limit since the selection. */
export function takeNext(walk: Walk): Account | undefined {
  const { selection, model, home } = walk.journal;
  if (selection.kind === "none") return undefined;
  for (let id = upNext(walk); id !== undefined; id = upNext(walk)) {
    if (walk.session.tried.length === 0 && id === selection.account.id) return selection.account;
    const { accounts, settings, inFlight } = walk.context.pool.snapshot().state;
    const account = accounts.find((other) => other.id === id);
    const now = walk.context.clock.now();
    const found = account && eligibility(account, { model, settings, inFlight, home, now });
    const isSpare = selection.why === "last-resort" && found?.spare === true;
    const isTrial = selection.why === "trial" && found?.trial === true;
    if (account !== undefined && (found?.eligible === true || isSpare || isTrial)) return account;
    walk.session = passedOver(walk.session, id, reasonOfIneligibility(found ? found.reasons[0] : "disabled"));
  }
  return undefined;
}

function upNext(walk: Walk): AccountId | undefined {
  const next = nextAccount(walk.session);
  if (next !== undefined || walk.isWidened) return next;
  walk.isWidened = true;
  walk.session = widened(walk.session, idsOf(walk.journal.selection));
  return nextAccount(walk.session);
}

/** Binds the conversation to the account that took it over from the selected one. */
export function rebind(walk: Walk, account: Account): void {
  const { selection } = walk.journal;
  if (selection.kind === "use" && selection.account.id === account.id) return;
  place(walk, account.id, walk.context.pool.snapshot().state.rotation);
}

/** Takes note of what an outcome did to an account. */
export function record(walk: Walk, accountId: AccountId, event: AccountEvent): void {
  walk.context.pool.record({ accountId, event });
}

/** How many requests the account has under way, with this one. */
export function inFlightOf({ context }: Walk, id: AccountId): number {
  return context.pool.snapshot().state.inFlight?.get(id) ?? 1;
}

/** Takes note of it only once it is clear that the machine is not offline. */
export function recordLater(walk: Walk, accountId: AccountId, event: AccountEvent): void {
  walk.deferred.push({ accountId, event });
}

/** The machine is online: what was held back counts. */
export function recordDeferred(walk: Walk): void {
  for (const event of walk.deferred.splice(0)) walk.context.pool.record(event);
}

/** The refusal was that account's own: it counts. */
export function recordDoubt(walk: Walk): void {
  if (walk.doubt !== undefined) walk.context.pool.record(walk.doubt.event);
  walk.doubt = undefined;
}

function place(
  { context, journal }: Walk,
  accountId: AccountId,
  rotation: Journal["pool"]["state"]["rotation"],
): void {
  const { sessionId } = journal.request;
  const binds = sessionId !== undefined && journal.pool.state.settings.sessionAffinity === "on";
  context.pool.place({ accountId, rotation, ...(binds && { sessionId }) });
}

function firstOf(selection: Selection): readonly AccountId[] {
  return selection.kind === "none" ? [] : [selection.account.id];
}

function idsOf(selection: Selection): readonly AccountId[] {
  return selection.kind === "none" ? [] : selection.order.map(({ id }) => id);
}
