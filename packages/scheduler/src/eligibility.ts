import {
  type Account,
  type EpochMs,
  type Ineligibility,
  type Model,
  type Settings,
} from "@open-multi-auth/domain";
import { recoversAt, remainingPercent } from "./remaining.ts";
import { reserveOf } from "./weights.ts";

/** Whether an account may serve, and why not. */
export interface Eligibility {
  readonly eligible: boolean;
  readonly reasons: readonly Ineligibility[];
  /** When it becomes eligible by itself; absent where it is eligible or a person has to act. */
  readonly until?: EpochMs;
  /** Nothing keeps it back but the rest we gave it after failures: better tried than a request refused. */
  readonly spare?: true;
}

/** What an account's eligibility depends on besides the account. */
export interface EligibilityContext {
  readonly model?: Model | undefined;
  readonly settings: Settings;
  readonly now: EpochMs;
}

/** Whether `account` may serve a request for the model (any model, where none is named) at `now`. */
export function eligibility(account: Account, context: EligibilityContext): Eligibility {
  const { settings, now } = context;
  const reserve = reserveOf(settings, account.alias);
  const reasons: Ineligibility[] = [];
  let until = now;
  const rest = (reason: Ineligibility, end: EpochMs | undefined): void => {
    if (end === undefined || end <= now) return;
    if (!reasons.includes(reason)) reasons.push(reason);
    if (end > until) until = end;
  };

  if (!account.enabled) reasons.push("disabled");
  if (account.authInvalid === true) reasons.push("auth-invalid");
  const needsPerson = reasons.length > 0;
  rest("cooling-down", account.rateLimitedUntil);
  rest("workspace-resting", account.workspaceDeactivatedUntil);
  rest("model-resting", modelRestEnd(account, context.model));
  // A reserve of 0 keeps nothing back: upstream says itself when the quota is used up.
  if (reserve > 0 && (remainingPercent(account, now) ?? 100) <= reserve) {
    rest("reserve-reached", recoversAt(account, reserve, now));
  }

  const isSpare = reasons.length === 0;
  rest(account.health.state === "down" ? "health-down" : "cooling-down", account.health.rest?.until);

  if (reasons.length === 0) return ELIGIBLE;
  if (isSpare) return { eligible: false, reasons, until, spare: true };
  return needsPerson ? { eligible: false, reasons } : { eligible: false, reasons, until };
}

const ELIGIBLE: Eligibility = Object.freeze({ eligible: true, reasons: Object.freeze([]) });

function modelRestEnd({ modelUnsupported }: Account, model: Model | undefined): EpochMs | undefined {
  if (modelUnsupported === undefined || model === undefined) return undefined;
  return Object.hasOwn(modelUnsupported, model) ? modelUnsupported[model]?.until : undefined;
}
