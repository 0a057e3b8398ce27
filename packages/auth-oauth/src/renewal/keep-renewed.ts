import {
  failure,
  type Account,
  type AccountId,
  type Clock,
  type DurationMs,
  type Failure,
  type Random,
} from "@open-multi-auth/domain";
import { err, type Result, type ResultAsync } from "neverthrow";
import { isFinal, type TokenError } from "../errors.ts";
import type { Timers } from "../ports.ts";
import { nextRenewal, planRenewals, renewalFailed, type RenewalPlan } from "./plan.ts";

/** Sleep and a changed clock go unnoticed no longer than this; timers themselves hold out 24 days at most. */
const LONGEST_WAIT_MS: DurationMs = 15 * 60_000;
/** Between two renewals, so that many accounts do not refresh at once. */
const PACE_MS: DurationMs = 2_000;
/** Changes come with every request; a plan may be this much behind. */
const SETTLE_MS: DurationMs = 1_000;

const NOTHING_NEW = failure("TOKEN_REFRESH_FAILED", "the refresh brought no other token", {});

/** A renewal that came to nothing. */
export interface RenewalFailure {
  readonly accountId: AccountId;
  readonly error: Failure;
  /** Whether it is not tried again before the account has another token. */
  readonly isParked: boolean;
}

/** What renewing in the background needs. */
export interface RenewalDeps {
  readonly accounts: () => readonly Account[];
  /** Tells of every change of the accounts, until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly renew: (id: AccountId) => ResultAsync<unknown, TokenError>;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Pick<Timers, "after">;
  readonly onFailure: (failure: RenewalFailure) => void;
}

/**
 * Renews the tokens of a pool ahead of their end, one account after the other, for as long as the process lives.
 *
 * Every process may do so: whoever comes first refreshes, the others find the new token and plan anew. Its timers keep
 * no process alive.
 *
 * @returns ends it; a renewal under way comes to its end
 */
export function keepRenewed(deps: RenewalDeps): () => void {
  const { clock, random, timers } = deps;
  let plan: RenewalPlan = new Map();
  /** A renewal is under way, or was so just now. */
  let isBusy = false;
  let isStopped = false;
  let callOff: (() => void) | undefined;
  let callOffSettling: (() => void) | undefined;

  function replan(): void {
    plan = planRenewals(plan, deps.accounts(), clock.now(), random);
  }

  function arm(): void {
    if (isStopped || isBusy) return;
    callOff?.();
    const next = nextRenewal(plan);
    if (next === undefined) return;
    const waitMs = Math.max(0, next.at - clock.now());
    callOff = timers.after(Math.min(waitMs, LONGEST_WAIT_MS), () => void wake());
  }

  async function wake(): Promise<void> {
    replan();
    const due = nextRenewal(plan);
    if (due === undefined || due.at > clock.now()) return arm();
    isBusy = true;
    await renewOne(due.id);
    if (isStopped) return;
    callOff = timers.after(PACE_MS, () => {
      isBusy = false;
      arm();
    });
  }

  async function renewOne(id: AccountId): Promise<void> {
    const before = plan.get(id);
    const outcome = await outcomeOf(id);
    replan();
    // The same plan is there still: the account has no other token, whatever was said.
    if (before === undefined || plan.get(id) !== before) return;
    const error = outcome.isErr() ? outcome.error : NOTHING_NEW;
    plan = renewalFailed(plan, id, isFinal(error), { now: clock.now(), random });
    deps.onFailure({ accountId: id, error, isParked: plan.get(id)?.at === null });
  }

  async function outcomeOf(id: AccountId): Promise<Result<unknown, Failure>> {
    try {
      return await deps.renew(id);
    } catch (thrown) {
      return err(failure("TOKEN_REFRESH_FAILED", "the refresh broke off", {}, thrown));
    }
  }

  function onChange(): void {
    callOffSettling ??= timers.after(SETTLE_MS, () => {
      callOffSettling = undefined;
      replan();
      arm();
    });
  }

  replan();
  arm();
  const unsubscribe = deps.subscribe(onChange);
  return () => {
    isStopped = true;
    unsubscribe();
    callOffSettling?.();
    callOff?.();
  };
}
