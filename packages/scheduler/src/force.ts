import {
  after,
  failure,
  findAccount,
  FORCE_MS,
  withoutForce,
  type Account,
  type AccountNotFound,
  type Actor,
  type Alias,
  type EpochMs,
  type Failure,
  type Ineligibility,
  type Settings,
  type StoreV2,
} from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { eligibility } from "./eligibility.ts";

/** Why an account cannot be forced. */
export type ForceError =
  /** No account is linked at all. */
  | Failure<"NO_ACCOUNTS">
  | AccountNotFound
  /** The person enables it first. */
  | Failure<"ACCOUNT_DISABLED", { alias: Alias }>
  /** It can serve no model now; `until` is when it can again by itself. */
  | Failure<
      "ACCOUNT_NOT_ELIGIBLE",
      { alias: Alias; reasons: readonly Ineligibility[]; until?: EpochMs | undefined }
    >;

/** Whom to force, and what that is judged by. */
export interface Forcing {
  readonly alias: string;
  readonly actor: Actor;
  readonly settings: Settings;
  readonly now: EpochMs;
}

/**
 * Pins an account over any strategy for 24 hours.
 *
 * The same account again changes nothing: the 24 hours run from its first activation. Another account takes its place
 * with 24 hours of its own; the strategy that follows stays the one from before the first.
 *
 * @returns the new state, or `NO_ACCOUNTS`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DISABLED`, `ACCOUNT_NOT_ELIGIBLE`
 */
export function activateForce(
  store: StoreV2,
  { alias, actor, settings, now }: Forcing,
): Result<StoreV2, ForceError> {
  if (Object.keys(store.accounts).length === 0) {
    return err(failure("NO_ACCOUNTS", "no account is linked", {}));
  }
  return findAccount(store, alias)
    .andThen((account) => forceable(account, settings, now))
    .map((account) => {
      const { store: settled } = settleForce(store, { settings, now });
      if (settled.forcedAlias === account.alias) return settled;
      return {
        ...settled,
        forcedAlias: account.alias,
        forcedUntil: after(now, FORCE_MS),
        forcedBy: actor,
        previousRotationStrategy: settled.previousRotationStrategy ?? settled.rotationStrategy,
      };
    });
}

/** Why a force ended by itself. */
export interface ForceEnd {
  readonly alias: Alias;
  readonly reason: "expired" | "removed" | Ineligibility;
}

/**
 * The state with its force ended if it is over: expired, or its account is gone, disabled, or able to serve no model.
 *
 * What passes within a request or two (a model that it does not have, a rest after a failure, being at capacity) ends
 * nothing: such a request goes past the force.
 *
 * @returns the very same state and `null` where nothing ends
 */
export function settleForce(
  store: StoreV2,
  { settings, now }: { readonly settings: Settings; readonly now: EpochMs },
): { readonly store: StoreV2; readonly ended: ForceEnd | null } {
  const { forcedAlias: alias, forcedUntil: until } = store;
  if (alias === null) return { store, ended: null };
  const reason = until === null || now >= until ? "expired" : lostBecause(store, alias, settings, now);
  return reason === undefined
    ? { store, ended: null }
    : { store: withoutForce(store), ended: { alias, reason } };
}

function lostBecause(
  store: StoreV2,
  alias: Alias,
  settings: Settings,
  now: EpochMs,
): ForceEnd["reason"] | undefined {
  return findAccount(store, alias).match(
    (account) => lastingReasons(account, settings, now)[0],
    () => "removed",
  );
}

function forceable(account: Account, settings: Settings, now: EpochMs): Result<Account, ForceError> {
  const { alias } = account;
  if (!account.enabled) return err(failure("ACCOUNT_DISABLED", `"${alias}" is disabled`, { alias }));
  const reasons = lastingReasons(account, settings, now);
  if (reasons.length === 0) return ok(account);
  const { until } = eligibility(account, { settings, now });
  const message = `"${alias}" can serve no request now: ${reasons.join(", ")}`;
  return err(failure("ACCOUNT_NOT_ELIGIBLE", message, { alias, reasons, until }));
}

/** What keeps an account from every model for longer than a failed attempt would. */
function lastingReasons(account: Account, settings: Settings, now: EpochMs): Ineligibility[] {
  const { reasons } = eligibility(account, { settings, now });
  return reasons.filter((reason) =>
    reason === "cooling-down" ? isSpent(account, now) : LASTING.has(reason),
  );
}

const LASTING: ReadonlySet<Ineligibility> = new Set([
  "disabled",
  "auth-invalid",
  "workspace-resting",
  "reserve-reached",
  "health-down",
]);

/** Whether it is the quota that cools the account down, not a failure since. Earlier plugins' cooldowns were for quotas. */
function isSpent(account: Account, now: EpochMs): boolean {
  const { rateLimitedUntil, rateLimitedAt, quotaRefusedAt } = account;
  if (rateLimitedUntil === undefined || rateLimitedUntil <= now) return false;
  return rateLimitedAt === undefined || (quotaRefusedAt !== undefined && quotaRefusedAt >= rateLimitedAt);
}
