import { after, type AccountId, type Affinity, type EpochMs, type SessionId } from "@open-multi-auth/domain";

const IDLE_MS = 30 * 60_000;
const KEPT = 200;

/** A conversation, and the one it was started from as a sub-agent. */
export interface Conversation {
  readonly sessionId?: SessionId | undefined;
  readonly parentSessionId?: SessionId | undefined;
}

/** The account a conversation lives on: its own binding, else its parent's; none after 30 idle minutes. */
export function boundAccount(
  affinity: Affinity,
  { sessionId, parentSessionId }: Conversation,
  now: EpochMs,
): AccountId | undefined {
  return binding(affinity, sessionId, now) ?? binding(affinity, parentSessionId, now);
}

/** Binds a conversation to an account, used at `now`. Expired bindings go, and all but the 200 newest. */
export function bindSession(
  affinity: Affinity,
  sessionId: SessionId,
  accountId: AccountId,
  now: EpochMs,
): Affinity {
  const others = Object.entries(affinity).filter(([id, { at }]) => id !== sessionId && isLive(at, now));
  if (others.length >= KEPT) {
    others.sort(([, a], [, b]) => b.at - a.at);
    others.length = KEPT - 1;
  }
  return Object.fromEntries([...others, [sessionId, { accountId, at: now }]]);
}

function binding(affinity: Affinity, session: SessionId | undefined, now: EpochMs): AccountId | undefined {
  if (session === undefined || !Object.hasOwn(affinity, session)) return undefined;
  const found = affinity[session];
  return found && isLive(found.at, now) ? found.accountId : undefined;
}

const isLive = (at: EpochMs, now: EpochMs): boolean => now < after(at, IDLE_MS);
