import {
  after,
  type Account,
  type AccountId,
  type EpochMs,
  type Ineligibility,
  type Model,
  type Settings,
} from "@open-multi-auth/domain";
import { capacityOf } from "./capacity.ts";
import { recoversAt, remainingPercent } from "./remaining.ts";
import { reserveOf } from "./weights.ts";

/** A limit may be reset early; so often an account that met its own is asked again where no other can serve. */
const TRIAL_EVERY_MS = 5 * 60_000;

/** Whether an account may serve, and why not. */
export interface Eligibility {
  readonly eligible: boolean;
  readonly reasons: readonly Ineligibility[];
  /** When it becomes eligible by itself; absent where it is eligible or nobody can say. */
  readonly until?: EpochMs;
  /** Nothing keeps it back but what we made up ourselves: better tried than a request refused. */
  readonly spare?: true;
  /** Nothing keeps it back but its used-up quota, and it is time to ask whether that was reset early. */
  readonly trial?: true;
}

/** What an account's eligibility depends on besides the account. */
export interface EligibilityContext {
  readonly model?: Model | undefined;
  readonly settings: Settings;
  /** Requests under way, by account. */
  readonly inFlight?: ReadonlyMap<AccountId, number> | undefined;
  /** The account that the request's own conversation lives on: its capacity does not keep that away. */
  readonly home?: AccountId | undefined;
  readonly now: EpochMs;
}

/** Whether `account` may serve a request for the model (any model, where none is named) at `now`. */
export function eligibility(account: Account, context: EligibilityContext): Eligibility {
  const rests: Rest[] = [];
  noteAsked(rests, account, context);
  const asked = rests.length;
  noteOwn(rests, account, context);
  const needsPerson = !account.enabled || account.authInvalid === true;
  if (rests.length === 0 && !needsPerson) return ELIGIBLE;
  const reasons = reasonsOf(account, rests);
  if (needsPerson) return { eligible: false, reasons };
  const until = lastEnd(rests);
  return {
    eligible: false,
    reasons,
    ...(until !== undefined && { until }),
    ...(asked === 0 && { spare: true }),
    ...(isOnlyQuota(rests, asked) && isDueForTrial(account, context) && { trial: true }),
  };
}

const ELIGIBLE: Eligibility = Object.freeze({ eligible: true, reasons: Object.freeze([]) });

/** One thing that keeps an account back; without an end where nobody can say when. */
interface Rest {
  readonly reason: Ineligibility;
  readonly until?: EpochMs;
}

function isOnlyQuota(rests: readonly Rest[], asked: number): boolean {
  return asked === 1 && rests.length === 1 && rests[0]?.reason === "cooling-down";
}

/** What upstream or the person asked for. */
function noteAsked(rests: Rest[], account: Account, { model, settings, now }: EligibilityContext): void {
  if (!isRestored(account)) note(rests, "cooling-down", account.rateLimitedUntil, now);
  note(rests, "workspace-resting", account.workspaceDeactivatedUntil, now);
  if (account.modelUnsupported) note(rests, "model-resting", modelRestEnd(account, model), now);
  // A reserve of 0 keeps nothing back: upstream says itself when the quota is used up.
  const reserve = reserveOf(settings, account.alias);
  if (reserve > 0 && (remainingPercent(account, now) ?? 100) <= reserve)
    note(rests, "reserve-reached", recoversAt(account, reserve, now), now);
}

/** What we made up ourselves, to spare an account that failed. */
function noteOwn(rests: Rest[], account: Account, context: EligibilityContext): void {
  const { settings, inFlight, home, now } = context;
  const { state, rest } = account.health;
  note(rests, state === "down" ? "health-down" : "cooling-down", rest?.until, now);
  const underWay = inFlight?.get(account.id) ?? 0;
  const isHome = account.id === home && settings.sessionAffinity === "on";
  if (underWay > 0 && underWay >= capacityOf(account, now, isHome)) rests.push({ reason: "at-capacity" });
}

function note(rests: Rest[], reason: Ineligibility, until: EpochMs | undefined, now: EpochMs): void {
  if (until !== undefined && until > now) rests.push({ reason, until });
}

function reasonsOf({ enabled, authInvalid }: Account, rests: readonly Rest[]): readonly Ineligibility[] {
  const reasons = new Set<Ineligibility>();
  if (!enabled) reasons.add("disabled");
  if (authInvalid === true) reasons.add("auth-invalid");
  for (const { reason } of rests) reasons.add(reason);
  return [...reasons];
}

function lastEnd(rests: readonly Rest[]): EpochMs | undefined {
  let last: EpochMs | undefined;
  for (const { until } of rests)
    if (until !== undefined && (last === undefined || until > last)) last = until;
  return last;
}

/**
 * A probe found quota left some time after upstream refused it for the lack of any: the limit was reset early. A reading
 * of the same minutes may lag behind the refusal, and would have the account refused again.
 */
function isRestored({ rateLimits, quotaRefusedAt, rateLimitedAt = quotaRefusedAt }: Account): boolean {
  if (!rateLimits || quotaRefusedAt === undefined) return false;
  if (rateLimits.at < after(quotaRefusedAt, TRIAL_EVERY_MS)) return false;
  const windows = [rateLimits.fiveHour, rateLimits.weekly].filter((window) => window !== undefined);
  const isForQuota = rateLimitedAt !== undefined && rateLimitedAt <= quotaRefusedAt;
  return isForQuota && windows.length > 0 && windows.every(({ remaining }) => remaining > 0);
}

function isDueForTrial(account: Account, { inFlight, now }: EligibilityContext): boolean {
  const { id, quotaRefusedAt, rateLimitedAt = quotaRefusedAt } = account;
  if (quotaRefusedAt === undefined || rateLimitedAt === undefined || rateLimitedAt > quotaRefusedAt)
    return false;
  return after(quotaRefusedAt, TRIAL_EVERY_MS) <= now && (inFlight?.get(id) ?? 0) === 0;
}

function modelRestEnd({ modelUnsupported }: Account, model: Model | undefined): EpochMs | undefined {
  if (modelUnsupported === undefined || model === undefined) return undefined;
  return Object.hasOwn(modelUnsupported, model) ? modelUnsupported[model]?.until : undefined;
}
