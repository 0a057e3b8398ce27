import { accountsOf, type AccountView, type EpochMs } from "@open-multi-auth/domain";
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
  readonly now: EpochMs;
}

/** What the pool is like now; `views` where the process probes itself, and knows more than the store. */
export function snapshotOf(pool: Pool, now: EpochMs, views: readonly AccountView[] = pool.views()): Snapshot {
  const accounts = accountsOf(pool.store.state());
  return { accounts: views, runway: poolRunway(accounts, now), thresholds: pool.settings().settings, now };
}

/** For programs. */
export const snapshotJson = ({ accounts, runway }: Snapshot): object => ({
  accounts,
  pool: { runway: runwayJson(runway) },
});

/** How many can serve. */
export function readyText({ accounts }: Snapshot, { green, yellow }: Colours): string {
  const ready = accounts.filter(({ eligibility }) => eligibility.eligible).length;
  return (ready > 0 ? green : yellow)(`${ready} of ${accounts.length} accounts can serve now`);
}
