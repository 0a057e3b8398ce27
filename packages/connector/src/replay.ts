import { SETTINGS_DEFAULTS, type Account, type Settings } from "@open-multi-auth/domain";
import type { Counts } from "@open-multi-auth/scheduler";
import type { Choice } from "./journal.ts";

/** What a selection was made from. */
export type Read = Pick<Choice, "pool" | "selectedAt" | "draws" | "bound" | "home">;

/**
 * All that `select` read and that the rest of the record does not say, so that the choice can be made again: JSON,
 * with nothing in it that is as usual.
 */
export function replayOf({ pool, selectedAt, draws, bound, home }: Read): string {
  const { accounts, settings, rotation, inFlight, sessions } = pool.state;
  const read = {
    now: selectedAt,
    draws,
    rotation,
    bound,
    home,
    ...counted("inFlight", inFlight),
    ...counted("sessions", sessions),
  };
  const changed = once(changedSettings, settings, changesOf);
  const candidates = accounts.map((account) => once(readings, account, readingOf)).join(",");
  return `${JSON.stringify(read).slice(0, -1)},"settings":${changed},"candidates":[${candidates}]}`;
}

function counted(name: "inFlight" | "sessions", counts: Counts | undefined): object {
  return counts === undefined || counts.size === 0 ? {} : { [name]: Object.fromEntries(counts) };
}

// Both are immutable, and all but one account are the same from one request to the next.
const changedSettings = new WeakMap<Settings, string>();
const readings = new WeakMap<Account, string>();

function once<Key extends object>(known: WeakMap<Key, string>, key: Key, make: (key: Key) => object): string {
  let made = known.get(key);
  if (made === undefined) {
    made = JSON.stringify(make(key));
    known.set(key, made);
  }
  return made;
}

const READ = [
  "sessionAffinity",
  "criticalThreshold",
  "lowThreshold",
  "accountWeights",
  "minWeight",
  "reservePercent",
] as const;

function changesOf(settings: Settings): object {
  const changed = READ.filter((name) => settings[name] !== SETTINGS_DEFAULTS[name]);
  return Object.fromEntries(changed.map((name) => [name, settings[name]]));
}

function readingOf(account: Account): object {
  const { id, alias, addedAt, usageCount, lastUsed, enabled, authInvalid, health, observed, rateLimits } =
    account;
  const { rateLimitedUntil, rateLimitedAt, quotaRefusedAt, workspaceDeactivatedUntil } = account;
  const { modelUnsupported, concurrency, planType } = account;
  return {
    id,
    alias,
    addedAt,
    usageCount,
    ...(lastUsed !== undefined && { lastUsed }),
    ...(!enabled && { enabled }),
    ...(authInvalid === true && { authInvalid }),
    ...(planType !== undefined && { planType }),
    ...(rateLimitedUntil !== undefined && { rateLimitedUntil }),
    ...(rateLimitedAt !== undefined && { rateLimitedAt }),
    ...(quotaRefusedAt !== undefined && { quotaRefusedAt }),
    ...(concurrency !== undefined && { concurrency }),
    ...(workspaceDeactivatedUntil !== undefined && { workspaceDeactivatedUntil }),
    ...(modelUnsupported !== undefined && { modelUnsupported }),
    ...(health.state !== "healthy" && { health }),
    ...(observed !== undefined && { observed }),
    ...(rateLimits !== undefined && { rateLimits }),
  };
}
