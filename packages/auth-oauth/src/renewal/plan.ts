import {
  after,
  epochMs,
  type Account,
  type AccountId,
  type Credential,
  type DurationMs,
  type EpochMs,
  type Random,
} from "@open-multi-auth/domain";

/** A token that ends sooner is renewed when a request needs it. */
const SHORTEST_REMAINING_MS: DurationMs = 5 * 60_000;
const LEAD = 0.2;
const LONGEST_JITTER_MS: DurationMs = 60_000;
const MOST_FAILURES = 3;
const FIRST_RETRY_MS: DurationMs = 60_000;
const LONGEST_RETRY_MS: DurationMs = 30 * 60_000;
const RETRY_JITTER_MS: DurationMs = 5_000;
/** So long before its end a retry still helps. */
const LAST_RETRY_BEFORE_MS: DurationMs = 30_000;

/** When one account's token is renewed ahead of its end. */
export interface Renewal {
  /** What it was planned for. Another token means another plan. */
  readonly token: Pick<Credential, "accessToken" | "refreshToken" | "expiresAt">;
  /** Null where it is not renewed by itself: it is parked, or ends too soon. */
  readonly at: EpochMs | null;
  /** In a row, with this token. */
  readonly failures: number;
}

/** The renewals of all accounts. Immutable. */
export type RenewalPlan = ReadonlyMap<AccountId, Renewal>;

/**
 * Brings the plan in line with the accounts as they are.
 *
 * A new token is planned for 80 % of its remaining life, less a jitter of up to a minute, if that life is at least
 * five minutes; one that is planned or parked stays so. Disabled accounts, and those that need the person, have no
 * place in it.
 */
export function planRenewals(
  plan: RenewalPlan,
  accounts: readonly Account[],
  now: EpochMs,
  random: Random,
): RenewalPlan {
  const renewable = accounts.filter(
    ({ enabled, authInvalid, refreshToken }) => enabled && authInvalid !== true && refreshToken !== "",
  );
  return new Map(
    renewable.map((account) => {
      const known = plan.get(account.id);
      const keeps = known !== undefined && isSame(known.token, account) && isDecided(known);
      return [account.id, keeps ? known : planned(account, now, random)];
    }),
  );
}

/** The renewal that comes first. */
export function nextRenewal(plan: RenewalPlan): { readonly id: AccountId; readonly at: EpochMs } | undefined {
  let next: { id: AccountId; at: EpochMs } | undefined;
  for (const [id, { at }] of plan) {
    if (at !== null && (next === undefined || at < next.at)) next = { id, at };
  }
  return next;
}

/**
 * The plan after a renewal came to nothing: tried again after a minute, then two, never later than half a minute
 * before the token's end; parked after three failures in a row, or at once where trying again is of no use.
 */
export function renewalFailed(
  plan: RenewalPlan,
  id: AccountId,
  isFinal: boolean,
  { now, random }: { readonly now: EpochMs; readonly random: Random },
): RenewalPlan {
  const renewal = plan.get(id);
  if (renewal === undefined) return plan;
  const failures = isFinal ? MOST_FAILURES : renewal.failures + 1;
  const at = failures < MOST_FAILURES ? retryAt(renewal.token, failures, now, random) : null;
  return new Map(plan).set(id, { ...renewal, failures, at });
}

/** What ended too soon may not have, after the clock was set. */
const isDecided = ({ at, failures }: Renewal): boolean => at !== null || failures > 0;

function planned({ accessToken, refreshToken, expiresAt }: Account, now: EpochMs, random: Random): Renewal {
  const token = { accessToken, refreshToken, expiresAt };
  const remaining = expiresAt - now;
  // Also false for an end that is no number.
  const isWorthIt = remaining >= SHORTEST_REMAINING_MS && Number.isFinite(remaining);
  return { token, at: isWorthIt ? renewAt(expiresAt, remaining, random) : null, failures: 0 };
}

function renewAt(expiresAt: EpochMs, remaining: DurationMs, random: Random): EpochMs {
  const lead = Math.floor(LEAD * remaining);
  const jitter = random.next() * Math.min(LONGEST_JITTER_MS, lead / 2);
  return epochMs(Math.floor(expiresAt - lead - jitter));
}

function retryAt(
  { expiresAt }: Renewal["token"],
  failures: number,
  now: EpochMs,
  random: Random,
): EpochMs | null {
  const pause = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
  const wanted = after(now, pause + random.next() * RETRY_JITTER_MS);
  const latest = expiresAt - LAST_RETRY_BEFORE_MS;
  return latest > now ? epochMs(Math.min(wanted, latest)) : null;
}

function isSame(a: Renewal["token"], b: Renewal["token"]): boolean {
  return a.accessToken === b.accessToken && a.refreshToken === b.refreshToken && a.expiresAt === b.expiresAt;
}
