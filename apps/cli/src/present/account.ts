import { wholePercent, type AccountView, type EpochMs } from "@open-multi-auth/domain";
import type { Colours } from "./colours.ts";
import { plain } from "./text.ts";
import { spokenInstant } from "./time.ts";

type Reason = AccountView["eligibility"]["reasons"][number];

const REASONS: Readonly<Record<Reason, string>> = {
  disabled: "disabled",
  "auth-invalid": "login refused, link it again",
  "cooling-down": "cooling down",
  "workspace-resting": "workspace resting",
  "model-resting": "model resting",
  "reserve-reached": "reserve reached",
  "health-down": "down",
  "at-capacity": "busy",
};

/** Whether an account can serve now, else every reason why not, and when the last of the timed ones ends. */
export function stateText({ eligibility }: AccountView, now: EpochMs, colours: Colours): string {
  if (eligibility.eligible) return colours.green("ready");
  const reasons = eligibility.reasons.map((reason) => REASONS[reason]).join(", ");
  const until = eligibility.at === undefined ? "" : `, ready ${spokenInstant(eligibility.at, now)}`;
  return colours.yellow(reasons + until);
}

/**
 * A window's remaining share. `unknown` where nothing was measured, never a made-up number; `none` where the account has
 * no such limit, only the other.
 */
export function remainingText(
  { limits, limitsConfidence }: AccountView,
  window: "fiveHour" | "weekly",
): string {
  if (limits === null || limitsConfidence === "unknown") return "unknown";
  const known = limits[window];
  if (!known) return "none";
  return `${wholePercent(known.remaining)} %${limitsConfidence === "fresh" ? "" : " (old)"}`;
}

/** The alias with what sets the account apart. */
export function aliasText({ alias, active, forced }: AccountView, { bold }: Colours): string {
  const marks = [active && "active", forced && "forced"].filter((mark) => mark !== false);
  return bold(alias) + (marks.length > 0 ? ` (${marks.join(", ")})` : "");
}

/** A text that may be missing. */
export const known = (text: string | undefined): string => (text === undefined ? "-" : plain(text));
