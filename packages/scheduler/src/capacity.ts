import type { Account, EpochMs } from "@open-multi-auth/domain";
import { healthState } from "./health.ts";

/** How many requests at a time an account takes: one while it is on trial, else what refused bursts have taught. */
export function capacityOf(account: Account, now: EpochMs): number {
  if (account.health.state === "down" || account.health.state === "half-open") {
    if (healthState(account, now) === "half-open") return 1;
  }
  return account.concurrency === undefined ? Infinity : Math.floor(account.concurrency.cap);
}
