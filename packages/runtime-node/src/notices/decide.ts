import { after, type DurationMs, type EpochMs } from "@open-multi-auth/domain";
import type { Occasion } from "./occasions.ts";

/** An occasion that was told of: what begins after `renewsAt` is another one, though it has the same key. */
export interface Told {
  readonly renewsAt: EpochMs;
  /** Forgotten only then, even if it stops being so in between. */
  readonly keptUntil: EpochMs;
}

/** What was told of, by key. */
export type ToldOf = Readonly<Record<string, Told>>;

/** Upstream's resets are true to the minute at best. */
const SLACK_MS: DurationMs = 60_000;
/** Resets of one window are told within so much of each other. */
const SAME_MS: DurationMs = 10 * 60_000;
/** A process may not know yet what another has told: it must not take it for over. */
const UNSEEN_MS: DurationMs = 60_000;

/** What to tell now, and what has been told then. */
export interface Notices {
  readonly news: readonly Occasion[];
  readonly told: ToldOf;
}

/**
 * Tells each occasion once, however often and by however many processes it is seen: pure, so that whoever holds `told`
 * decides for all.
 *
 * @param occasions that are so at `now`
 * @param told as the last decision left it
 */
export function decideNotices(occasions: readonly Occasion[], told: ToldOf, now: EpochMs): Notices {
  const before = new Map(Object.entries(told));
  const news = occasions.filter((occasion) => isNews(occasion, before.get(occasion.key)));
  const kept = [...before].filter(
    ([key, { keptUntil }]) => occasions.some((occasion) => occasion.key === key) || now < keptUntil,
  );
  const added = news.map((occasion) => [occasion.key, toldOf(occasion, now)] as const);
  // Where nobody can serve, that the last one cannot is no news of its own.
  const isStuck = news.some(({ kind }) => kind === "all-exhausted");
  return {
    news: news.filter(({ kind }) => !isStuck || kind !== "account-exhausted"),
    told: Object.fromEntries([...kept, ...added]),
  };
}

function isNews({ since, until, once }: Occasion, told: Told | undefined): boolean {
  if (told === undefined) return true;
  // Another window ends much later than the one that was told of.
  if (once) return until !== null && until > after(told.renewsAt, SAME_MS);
  return since > told.renewsAt;
}

const toldOf = ({ until, once }: Occasion, now: EpochMs): Told =>
  once && until !== null
    ? { renewsAt: until, keptUntil: until }
    : { renewsAt: after(until ?? after(now, SAME_MS), SLACK_MS), keptUntil: after(now, UNSEEN_MS) };
