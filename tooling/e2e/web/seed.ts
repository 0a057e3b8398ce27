import { accountId, emptyStore, newAccount, parseAlias, epochMs } from "@open-multi-auth/domain";
import type { Account, StoreV2 } from "@open-multi-auth/domain";
import type { UpstreamSim } from "@open-multi-auth/upstream-sim";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How an account of a test begins. */
export interface Seed {
  readonly alias: string;
  /** Percent left and hours until the reset; without it nothing was ever measured. */
  readonly fiveHour?: readonly [left: number, resetInHours: number];
  readonly weekly?: readonly [left: number, resetInHours: number];
  /** How old the reading is. Default: a minute. */
  readonly readMinutesAgo?: number;
  readonly more?: Partial<Account>;
}

/** A store with these accounts, each signed in at the simulated upstream. */
export function storeOf(seeds: readonly Seed[], sim: UpstreamSim, more: Partial<StoreV2> = {}): StoreV2 {
  const accounts = seeds.map((seed, index) => accountOf(seed, index, sim));
  return { ...emptyStore(), accounts: Object.fromEntries(accounts.map((one) => [one.alias, one])), ...more };
}

function accountOf(seed: Seed, index: number, sim: UpstreamSim): Account {
  const now = Date.now();
  const { tokens, email, userId, accountId: workspace, planType } = sim.addAccount({ alias: seed.alias });
  const { accessToken, refreshToken, idToken, expiresAt } = tokens;
  const linked = { accessToken, refreshToken, idToken, expiresAt: epochMs(expiresAt) };
  const identity = { email, userId, accountId: workspace, planType, source: "browser" as const };
  const id = accountId(`acc_${String(index).padStart(4, "0")}`);
  const alias = parseAlias(seed.alias)._unsafeUnwrap();
  const account = newAccount(id, alias, { ...linked, ...identity }, epochMs(now - 90 * 24 * HOUR_MS));
  return { ...account, ...readingOf(seed, now), ...seed.more };
}

function readingOf({ fiveHour, weekly, readMinutesAgo = 1 }: Seed, now: number): Partial<Account> {
  if (!fiveHour && !weekly) return {};
  const at = epochMs(now - readMinutesAgo * MINUTE_MS);
  const window = ([remaining, hours]: readonly [number, number], windowMinutes: number) => ({
    remaining,
    resetAt: epochMs(now + hours * HOUR_MS),
    windowMinutes,
    updatedAt: at,
  });
  const windows = {
    ...(fiveHour && { fiveHour: window(fiveHour, 300) }),
    ...(weekly && { weekly: window(weekly, 10_080) }),
  };
  return {
    rateLimits: { ...windows, at, source: { kind: "usage-endpoint" } },
    lastLimitProbeAt: at,
    limitStatus: "success",
    rateLimitHistory: [{ at, source: "usage-endpoint" as const, ...windows }],
  };
}
