import { epochMs, toIso, type DecisionRecord, type EpochMs } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api";

/** Further back, it is over. */
const RECENT_MS = 15 * 60_000;
/** Fewer are a hiccup; on one account it may be the account. */
const FEWEST_REQUESTS = 3;
const FEWEST_ACCOUNTS = 2;
/** Of the recent requests, this part or more met it. */
const SMALLEST_PART = 0.05;

/** Tells whether the upstream itself fails now, whatever the account. */
export interface IncidentWatch {
  add(record: DecisionRecord): void;
  incident(now: EpochMs): StateView["incident"];
}

export function createIncidentWatch(): IncidentWatch {
  let recent: Seen[] = [];
  return {
    add({ at, outcome, attempts }) {
      const failed = attempts.filter(({ verdict }) => verdict === "transient").map(({ alias }) => alias);
      recent.push({ at, failed, lost: outcome === "refused" || outcome === "interrupted" });
      if (recent.length > MOST) recent.shift();
    },
    incident(now) {
      recent = recent.filter(({ at }) => now - at <= RECENT_MS);
      const met = recent.filter(({ failed }) => failed.length > 0);
      const accounts = new Set(met.flatMap(({ failed }) => failed));
      const isIncident =
        met.length >= FEWEST_REQUESTS &&
        accounts.size >= FEWEST_ACCOUNTS &&
        met.length >= recent.length * SMALLEST_PART;
      if (!isIncident) return null;
      return {
        since: toIso(epochMs(Math.min(...met.map(({ at }) => at)))) ?? "",
        requests: recent.length,
        resent: met.length,
        lost: met.filter(({ lost }) => lost).length,
      };
    },
  };
}

const MOST = 1_000;

interface Seen {
  readonly at: EpochMs;
  /** The accounts on which it failed for no fault of theirs or its own. */
  readonly failed: readonly string[];
  readonly lost: boolean;
}
