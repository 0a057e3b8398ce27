import type { Account, AccountId } from "@open-multi-auth/domain";
import {
  boundAccount,
  eligibility,
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
  type FailoverSession,
} from "./failover-session.ts";
import type { Journal } from "./journal.ts";
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
  /** What is sent; it changes when content only an earlier account can read had to be dropped. */
  body: ModelRequest["body"];
  /** Something answered, so the machine is not offline. */
  reached: boolean;
  /** What held against accounts if the machine turns out not to be offline. */
  readonly deferred: PoolEvent[];
  lastStatus: number | undefined;
}

/** Selects the account for a request. Memory only. */
export function startWalk(request: ModelRequest, context: Context): Walk {
  const { pool: port, clock, random, ids } = context;
  const at = clock.now();
  const pool = port.snapshot();
  const model = modelOf(request);
  const draws: number[] = [];
  const recorded = {
    next(): number {
      const drawn = random.next();
      draws.push(drawn);
      return drawn;
    },
  };
  const bound = boundAccount(pool.affinity, request, at);
  const wanted = { ...(model !== undefined && { model }), ...(bound !== undefined && { bound }) };
  const selection = select(pool.state, wanted, at, recorded);
  const walk: Walk = {
    context,
    journal: {
      requestId: ids(),
      at,
      request,
      model,
      pool,
      draws,
      selection,
      attempts: [],
      firstByteMs: null,
    },
    session: startFailover(idsOf(selection), pool.state.settings.maxTransientAttempts),
    body: request.body,
    reached: false,
    deferred: [],
    lastStatus: undefined,
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
  const { pool, clock, random } = walk.context;
  await pool.reload();
  const { model } = walk.journal;
  const again = select(pool.snapshot().state, model === undefined ? {} : { model }, clock.now(), random);
  if (walk.journal.selection.kind === "none") {
    walk.journal.selection = again;
    if (again.kind === "use") place(walk, again.account.id, again.rotation);
  }
  walk.session = resumed(walk.session, idsOf(again));
  return nextAccount(walk.session) !== undefined;
}

/** The next account to try, as it is by now: others may have met its limit since the selection. */
export function takeNext(walk: Walk): Account | undefined {
  const { selection, model } = walk.journal;
  if (selection.kind === "none") return undefined;
  for (let id = nextAccount(walk.session); id !== undefined; id = nextAccount(walk.session)) {
    if (walk.session.tried.length === 0 && id === selection.account.id) return selection.account;
    const { accounts, settings } = walk.context.pool.snapshot().state;
    const account = accounts.find((other) => other.id === id);
    const now = walk.context.clock.now();
    const found = account && eligibility(account, { model, settings, now });
    const isSpare = selection.why === "last-resort" && found?.spare === true;
    if (account !== undefined && (found?.eligible === true || isSpare)) return account;
    walk.session = passedOver(walk.session, id, reasonOfIneligibility(found ? found.reasons[0] : "disabled"));
  }
  return undefined;
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

/** Takes note of it only once it is clear that the machine is not offline. */
export function recordLater(walk: Walk, accountId: AccountId, event: AccountEvent): void {
  walk.deferred.push({ accountId, event });
}

/** The machine is online: what was held back counts. */
export function recordDeferred(walk: Walk): void {
  for (const event of walk.deferred.splice(0)) walk.context.pool.record(event);
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

function idsOf(selection: Selection): readonly AccountId[] {
  return selection.kind === "none" ? [] : selection.order.map(({ id }) => id);
}
