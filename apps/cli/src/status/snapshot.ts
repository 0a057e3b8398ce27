import {
  accountsOf,
  forceView,
  type AccountView,
  type EpochMs,
  type ForceView,
} from "@open-multi-auth/domain";
import { poolRunway } from "@open-multi-auth/limits-probe";
import type { Pool } from "@open-multi-auth/runtime-node";
import type { Colours } from "../present/colours.ts";
import type { Thresholds } from "../present/limits.ts";
import { runwayJson, type Runways } from "../present/runway.ts";

/** All that a status tells, at one moment. */
export interface Snapshot {
  readonly accounts: readonly AccountView[];
  readonly runway: Runways;
  readonly thresholds: Thresholds;
  /** The effective one, whatever layer it comes from. */
  readonly strategy: string;
  readonly force: ForceView;
  readonly now: EpochMs;
}

/** What the pool is like now; `views` where the process probes itself, and knows more than the store. */
export function snapshotOf(pool: Pool, now: EpochMs, views: readonly AccountView[] = pool.views()): Snapshot {
  const store = pool.state();
  const { settings } = pool.settings();
  return {
    accounts: views,
    runway: poolRunway(accountsOf(store), now),
    thresholds: settings,
    strategy: settings.rotationStrategy,
    force: forceView(store),
    now,
  };
}

/** For programs. */
export const snapshotJson = ({ accounts, runway, strategy, force }: Snapshot): object => ({
  accounts,
  pool: { strategy, force, runway: runwayJson(runway) },
});

/** How many can serve. */
export function readyText({ accounts }: Snapshot, { green, yellow }: Colours): string {
  const ready = accounts.filter(({ eligibility }) => eligibility.eligible).length;
  return (ready > 0 ? green : yellow)(`${ready} of ${accounts.length} accounts can serve now`);
}
