import {
  after,
  epochMs,
  type AccountId,
  type Affinity,
  type EpochMs,
  type SessionId,
} from "@open-multi-auth/domain";

const IDLE_MS = 30 * 60_000;
/** A conversation that paused for longer has probably ended: nobody says so. */
const AT_WORK_MS = 10 * 60_000;
const KEPT = 200;
/** So many are let pile up before they are sorted out. */
const MOST = 256;

/** A conversation, and the one it was started from as a sub-agent. */
export interface Conversation {
  readonly sessionId?: SessionId | undefined;
  readonly parentSessionId?: SessionId | undefined;
}

/** The account a conversation lives on: its own binding, else its parent's; none after 30 idle minutes. */
export function boundAccount(
  affinity: Affinity,
  conversation: Conversation,
  now: EpochMs,
): AccountId | undefined {
  return homeAccount(affinity, conversation, now) ?? binding(affinity, conversation.parentSessionId, now);
}

/** The account a conversation itself lives on, whatever its parent's is; none after 30 idle minutes. */
export function homeAccount(
  affinity: Affinity,
  { sessionId }: Conversation,
  now: EpochMs,
): AccountId | undefined {
  return binding(affinity, sessionId, now);
}

/**
 * Binds a conversation to an account, used at `now`.
 *
 * Now and then the expired bindings go, and all but the 200 newest: to sort them at every request would cost more than
 * the selection itself.
 */
export function bindSession(
  affinity: Affinity,
  sessionId: SessionId,
  accountId: AccountId,
  now: EpochMs,
): Affinity {
  const others = Object.keys(affinity).length < MOST ? affinity : newest(affinity, now);
  return { ...others, [sessionId]: { accountId, at: now } };
}

/**
 * The bindings once the wall clock was set by `jumpedMs` and tells `now`: what was live has been idle for as long as it was.
 *
 * Each process does that. Bindings that another has already put right are not of before the jump any more, and stay.
 */
export function afterClockJump(affinity: Affinity, jumpedMs: number, now: EpochMs): Affinity {
  const before = after(now, -jumpedMs);
  const wasLive = (at: EpochMs): boolean => (jumpedMs > 0 ? at <= before && isLive(at, before) : at > now);
  const bindings = Object.entries(affinity).map(([session, bound]) => {
    const { at } = bound;
    return [session, wasLive(at) ? { ...bound, at: epochMs(Math.max(0, at + jumpedMs)) } : bound];
  });
  return Object.fromEntries(bindings);
}

/** How many conversations are at work on each account. */
export function liveSessions(affinity: Affinity, now: EpochMs): ReadonlyMap<AccountId, number> {
  const known = counted.get(affinity);
  if (known && known.from <= now && now < known.until) return known.counts;
  const made = count(affinity, now);
  counted.set(affinity, made);
  return made.counts;
}

interface Counted {
  readonly counts: ReadonlyMap<AccountId, number>;
  /** The counts hold from the one to before the other, when the first of the conversations stops to count. */
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** Bindings are immutable: they are counted once, and again when one has stopped to count. */
const counted = new WeakMap<Affinity, Counted>();

function count(affinity: Affinity, now: EpochMs): Counted {
  const counts = new Map<AccountId, number>();
  let until = after(now, AT_WORK_MS);
  for (const { accountId, at } of Object.values(affinity)) {
    const end = after(at, AT_WORK_MS);
    if (end <= now) continue;
    counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
    if (end < until) until = end;
  }
  return { counts, from: now, until };
}

function newest(affinity: Affinity, now: EpochMs): Affinity {
  const live = Object.entries(affinity).filter(([, { at }]) => isLive(at, now));
  return Object.fromEntries(live.toSorted(([, a], [, b]) => b.at - a.at).slice(0, KEPT));
}

function binding(affinity: Affinity, session: SessionId | undefined, now: EpochMs): AccountId | undefined {
  if (session === undefined || !Object.hasOwn(affinity, session)) return undefined;
  const found = affinity[session];
  return found && isLive(found.at, now) ? found.accountId : undefined;
}

const isLive = (at: EpochMs, now: EpochMs): boolean => now < after(at, IDLE_MS);
