import type { Account, EpochMs, Random, Strategy } from "@open-multi-auth/domain";
import { eligibility } from "./eligibility.ts";
import { remainingPercent } from "./remaining.ts";
import type {
  Candidate,
  Counts,
  Selection,
  SelectionRequest,
  SelectionState,
  SelectionWhy,
} from "./state.ts";
import { headroom } from "./strategies/headroom.ts";
import { leastUsed } from "./strategies/least-used.ts";
import { randomOrder } from "./strategies/random.ts";
import { roundRobin } from "./strategies/round-robin.ts";
import type { Placement, PlacementRule } from "./strategies/strategy.ts";
import { weightedRoundRobin } from "./strategies/weighted-round-robin.ts";

const RULES: Readonly<Record<Strategy, PlacementRule>> = {
  "round-robin": roundRobin,
  "least-used": leastUsed,
  random: randomOrder,
  "weighted-round-robin": weightedRoundRobin,
  headroom,
};

/**
 * Chooses the account for one request: force before session affinity, affinity before strategy and thresholds.
 *
 * An account that is not eligible is never chosen: a forced one is bypassed for this request, a conversation
 * moves. Accounts below `criticalThreshold` get what is new only when no other is eligible (`last-resort`). Where
 * none is eligible at all, those are used that we only spare ourselves (`last-resort`), then those whose used-up quota
 * it is time to ask after (`trial`).
 *
 * @returns `use` with the account and everyone to fail over to, or `none` with the reason of each
 */
export function select(
  state: SelectionState,
  request: SelectionRequest,
  now: EpochMs,
  random: Random,
): Selection {
  const assessed = assess(state, request, now);
  const { eligible, candidates } = assessed;
  if (eligible.length === 0) return desperate(state, assessed);

  const pinned = pinnedAccount(state, request, eligible, now);
  if (!pinned) {
    const { why, placement } = place(state, eligible, now, random);
    return use(placement, why, candidates);
  }
  const { account, why } = pinned;
  const order = (): readonly Account[] => {
    const { placement } = place(state, eligible, now, random);
    return [account, ...placement.order().filter((other) => other !== account)];
  };
  return use({ first: account, order, rotation: state.rotation }, why, candidates);
}

function use(
  { first, order, rotation }: Placement,
  why: SelectionWhy,
  candidates: readonly Candidate[],
): Selection {
  let ordered: readonly Account[] | undefined;
  return {
    kind: "use",
    account: first,
    why,
    get order() {
      return (ordered ??= order());
    },
    candidates,
    rotation,
  };
}

function desperate(
  { inFlight, rotation }: SelectionState,
  { spare, trial, candidates }: Assessed,
): Selection {
  const why = spare.length > 0 ? "last-resort" : "trial";
  const order = why === "trial" ? trial.toSorted(byRefusal) : spare.toSorted(byRest(inFlight));
  const [first] = order;
  if (!first) return { kind: "none", candidates, nextAt: earliest(candidates) };
  return use({ first, order: () => order, rotation }, why, candidates);
}

/** The one whose rest ends first; among busy ones the least busy. */
function byRest(inFlight: Counts = NOTHING): (a: Account, b: Account) => number {
  return (a, b) =>
    (a.health.rest?.until ?? 0) - (b.health.rest?.until ?? 0) ||
    (inFlight.get(a.id) ?? 0) - (inFlight.get(b.id) ?? 0);
}

function byRefusal(a: Account, b: Account): number {
  return (a.quotaRefusedAt ?? 0) - (b.quotaRefusedAt ?? 0);
}

interface Assessed {
  readonly eligible: readonly Account[];
  readonly spare: readonly Account[];
  readonly trial: readonly Account[];
  readonly candidates: readonly Candidate[];
}

function assess(
  { accounts, settings, inFlight }: SelectionState,
  { model, home }: SelectionRequest,
  now: EpochMs,
): Assessed {
  const context = { model, settings, inFlight, home, now };
  const eligible: Account[] = [];
  const spare: Account[] = [];
  const trial: Account[] = [];
  const candidates = accounts.map((account): Candidate => {
    const found = eligibility(account, context);
    const { id: accountId, alias } = account;
    if (found.eligible) {
      eligible.push(account);
      return { accountId, alias, eligible: true, reasons: found.reasons };
    }
    if (found.spare) spare.push(account);
    if (found.trial) trial.push(account);
    const { trial: _due, ...told } = found;
    const { authInvalid, authInvalidReason } = account;
    const isInvalid = authInvalid === true && authInvalidReason !== undefined;
    return { accountId, alias, ...told, ...(isInvalid && { authInvalidReason }) };
  });
  return { eligible, spare, trial, candidates };
}

function pinnedAccount(
  { forced, settings }: SelectionState,
  { bound }: SelectionRequest,
  eligible: readonly Account[],
  now: EpochMs,
): { account: Account; why: "forced" | "affinity" } | undefined {
  if (forced && now < forced.until) {
    const account = eligible.find(({ alias }) => alias === forced.alias);
    if (account) return { account, why: "forced" };
  }
  if (bound === undefined || settings.sessionAffinity === "off") return undefined;
  const account = eligible.find(({ id }) => id === bound);
  return account && { account, why: "affinity" };
}

/** What the strategy says: accounts that are running out come after all others. */
function place(
  state: SelectionState,
  eligible: readonly Account[],
  now: EpochMs,
  random: Random,
): { why: "strategy" | "last-resort"; placement: Placement } {
  const { accounts, settings, rotation, inFlight = NOTHING, sessions = NOTHING } = state;
  const rule = RULES[settings.rotationStrategy];
  const field = { accounts, settings, rotation, inFlight, sessions, now, random };
  const critical: Account[] = [];
  const ample = eligible.filter((account) => {
    const isAmple = (remainingPercent(account, now) ?? 100) >= settings.criticalThreshold;
    if (!isAmple) critical.push(account);
    return isAmple;
  });
  if (ample.length === 0) return { why: "last-resort", placement: rule({ ...field, eligible }) };
  const placed = rule({ ...field, eligible: ample });
  if (critical.length === 0) return { why: "strategy", placement: placed };
  const order = (): readonly Account[] => [...placed.order(), ...critical];
  return { why: "strategy", placement: { ...placed, order } };
}

const NOTHING: Counts = new Map();

function earliest(candidates: readonly Candidate[]): EpochMs | null {
  let at: EpochMs | null = null;
  for (const { until } of candidates) if (until !== undefined && (at === null || until < at)) at = until;
  return at;
}
