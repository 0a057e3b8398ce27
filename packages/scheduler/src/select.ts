import type { Account, EpochMs, Random, Strategy } from "@open-multi-auth/domain";
import { eligibility } from "./eligibility.ts";
import { remainingPercent } from "./remaining.ts";
import type { Candidate, Selection, SelectionRequest, SelectionState } from "./state.ts";
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
};

/**
 * Chooses the account for one request: force before session affinity, affinity before strategy and thresholds.
 *
 * An account that is not eligible is never chosen: a forced one is bypassed for this request, a conversation
 * moves. Accounts below `criticalThreshold` get what is new only when no other is eligible (`last-resort`). Where
 * none is eligible at all, those are used that only rest after failures, the one whose rest ends first.
 *
 * @returns `use` with the account and everyone to fail over to, or `none` with the reason of each
 */
export function select(
  state: SelectionState,
  request: SelectionRequest,
  now: EpochMs,
  random: Random,
): Selection {
  const { eligible, spare, candidates } = assess(state, request, now);
  if (eligible.length === 0) return lastResort(spare, candidates, state.rotation);

  const { why, placement } = place(state, eligible, now, random);
  const pinned = pinnedAccount(state, request, eligible, now);
  if (pinned) {
    const order = [pinned.account, ...placement.order.filter((account) => account !== pinned.account)];
    return { kind: "use", ...pinned, order, candidates, rotation: state.rotation };
  }
  const { order, rotation } = placement;
  return { kind: "use", account: first(order), why, order, candidates, rotation };
}

function lastResort(
  spare: readonly Account[],
  candidates: readonly Candidate[],
  rotation: SelectionState["rotation"],
): Selection {
  const order = spare.toSorted((a, b) => (a.health.rest?.until ?? 0) - (b.health.rest?.until ?? 0));
  const [account] = order;
  if (!account) return { kind: "none", candidates, nextAt: earliest(candidates) };
  return { kind: "use", account, why: "last-resort", order, candidates, rotation };
}

interface Assessed {
  readonly eligible: readonly Account[];
  readonly spare: readonly Account[];
  readonly candidates: readonly Candidate[];
}

function assess({ accounts, settings }: SelectionState, { model }: SelectionRequest, now: EpochMs): Assessed {
  const context = { model, settings, now };
  const eligible: Account[] = [];
  const spare: Account[] = [];
  const candidates = accounts.map((account): Candidate => {
    const found = eligibility(account, context);
    const { id: accountId, alias } = account;
    if (found.spare) spare.push(account);
    if (!found.eligible) return { accountId, alias, ...found };
    eligible.push(account);
    return { accountId, alias, eligible: true, reasons: found.reasons };
  });
  return { eligible, spare, candidates };
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
  { accounts, settings, rotation }: SelectionState,
  eligible: readonly Account[],
  now: EpochMs,
  random: Random,
): { why: "strategy" | "last-resort"; placement: Placement } {
  const critical: Account[] = [];
  const ample = eligible.filter((account) => {
    const isAmple = (remainingPercent(account, now) ?? 100) >= settings.criticalThreshold;
    if (!isAmple) critical.push(account);
    return isAmple;
  });
  const rule = RULES[settings.rotationStrategy];
  const field = { accounts, settings, rotation, random };
  if (ample.length === 0) return { why: "last-resort", placement: rule({ ...field, eligible }) };
  const placed = rule({ ...field, eligible: ample });
  if (critical.length === 0) return { why: "strategy", placement: placed };
  return { why: "strategy", placement: { ...placed, order: [...placed.order, ...critical] } };
}

function earliest(candidates: readonly Candidate[]): EpochMs | null {
  let at: EpochMs | null = null;
  for (const { until } of candidates) if (until !== undefined && (at === null || until < at)) at = until;
  return at;
}

function first(order: readonly Account[]): Account {
  const [account] = order;
  if (!account) throw new Error("a strategy ordered no account out of some");
  return account;
}
