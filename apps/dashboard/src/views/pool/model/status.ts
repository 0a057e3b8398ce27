import type { AccountView } from "@open-multi-auth/domain";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import type { GlyphName } from "../../../components/glyph.tsx";
import { moment } from "../../../format/time.ts";
import { confidenceAt } from "./confidence.ts";
import { count } from "../../../format/count.ts";

/** What an account is doing, as shape, word and reason. */
export interface AccountStatus {
  readonly kind: GlyphName;
  readonly word: string;
  readonly reason: string;
}

/** Whether a force holds at `now`; it ends by the clock, whatever the server has told last. */
export const isForced = ({ force }: StateView, now: number): boolean =>
  force.active && (force.until === undefined || Date.parse(force.until) > now);

/** The one thing to say about an account; what needs the person comes first. */
export function statusOf(account: AccountView, state: StateView, now: number): AccountStatus {
  const { alias, enabled, auth, eligibility, health } = account;
  if (!enabled) return { kind: "off", word: "Off", reason: offText(account, now) };
  if (auth.state === "invalid") return { kind: "signin", word: "Signed out", reason: "sign in again" };
  if (isForced(state, now) && state.force.alias === alias) {
    return { kind: "forced", word: "Forced", reason: "every request goes here" };
  }
  if (!eligibility.eligible && !isBack(account, now)) {
    return { kind: "rest", word: "Resting", reason: restText(account, now) };
  }
  const running = state.conversations[alias] ?? 0;
  if (running > 0) {
    return {
      kind: "use",
      word: "In use",
      reason: count(running, "conversation"),
    };
  }
  if (health.state === "half-open")
    return { kind: "trial", word: "On trial", reason: "one request at a time" };
  if (state.next === alias && !isForced(state, now)) {
    return { kind: "next", word: "Next", reason: "takes new conversations" };
  }
  return shortOf(account, state, now) ?? { kind: "ready", word: "Ready", reason: readyText(account) };
}

/** A rest ends by the clock too. */
function isBack({ eligibility, auth }: AccountView, now: number): boolean {
  return auth.state !== "invalid" && eligibility.at !== undefined && Date.parse(eligibility.at) <= now;
}

function shortOf(account: AccountView, { settings }: StateView, now: number): AccountStatus | undefined {
  if (confidenceAt(account, now) === "unknown") return undefined;
  const { criticalThreshold, lowThreshold, rotationStrategy } = settings.settings;
  const windows = [account.limits?.fiveHour, account.limits?.weekly].flatMap((one) => one ?? []);
  const left = Math.min(100, ...windows.map(({ remaining }) => remaining));
  if (left < criticalThreshold) {
    const isUsedUp = left <= 0;
    return {
      kind: "crit",
      word: isUsedUp ? "Used up" : "Critical",
      reason: isUsedUp ? "tried last" : "used last",
    };
  }
  if (left >= lowThreshold) return undefined;
  return {
    kind: "low",
    word: "Low",
    reason: rotationStrategy === "headroom" ? "headroom avoids it" : "below your threshold",
  };
}

const readyText = ({ limits }: AccountView): string =>
  limits?.fiveHour?.resetAt === null ? "5-hour window not started" : "waits its turn";

function offText({ disabledAt, disabledBy, disableReason }: AccountView, now: number): string {
  const since = disabledAt === undefined ? "" : `since ${moment(Date.parse(disabledAt), now)}`;
  const by = disabledBy === undefined ? "" : `by ${disabledBy.via}`;
  return [since, by, disableReason].filter(Boolean).join(", ");
}

const REASONS: Readonly<Record<AccountView["eligibility"]["reasons"][number], string>> = {
  disabled: "off",
  "auth-invalid": "signed out",
  "cooling-down": "limit reached",
  "workspace-resting": "its workspace is deactivated",
  "model-resting": "this model is not offered to it",
  "reserve-reached": "only your reserve is left",
  "health-down": "OpenAI failed on it",
  "at-capacity": "as busy as it may be",
};

function restText({ eligibility, limits }: AccountView, now: number): string {
  const until = eligibility.at === undefined ? "" : `until ${moment(Date.parse(eligibility.at), now)}`;
  const why = eligibility.reasons.map((reason) =>
    reason === "cooling-down" ? usedUpText(limits) : REASONS[reason],
  );
  return [until, ...new Set(why)].filter(Boolean).join(", ");
}

function usedUpText(limits: AccountView["limits"]): string {
  if (limits?.weekly && limits.weekly.remaining <= 0) return "week used up";
  if (limits?.fiveHour && limits.fiveHour.remaining <= 0) return "5 hours used up";
  return REASONS["cooling-down"];
}
