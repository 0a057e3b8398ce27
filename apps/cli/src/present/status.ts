import type { AccountView, EpochMs } from "@open-multi-auth/domain";
import { aliasText, known, remainingText, stateText } from "./account.ts";
import type { Colours } from "./colours.ts";
import { plain, table } from "./text.ts";
import { spokenInstant } from "./time.ts";

/** All that is known of one account, as a block of lines. */
export function statusText(view: AccountView, now: EpochMs, colours: Colours): string {
  const { dim } = colours;
  const title = [aliasText(view, colours), known(view.email), known(view.planType)].join("  ");
  const rows = facts(view, now, colours).map(([name, text]) => [`  ${dim(name)}`, text]);
  return `${title}\n${table(rows)}`;
}

function facts(view: AccountView, now: EpochMs, colours: Colours): (readonly [name: string, text: string])[] {
  return [
    ["state", stateText(view, now, colours)],
    ...disabled(view, now),
    ["health", view.health.state],
    ["5 h", windowText(view, "fiveHour", now)],
    ["week", windowText(view, "weekly", now)],
    ["login", loginText(view, now)],
    ["used", usedText(view, now)],
    ...(view.tags.length > 0 ? [["tags", plain(view.tags.join(", "))] as const] : []),
    ...(view.notes === undefined ? [] : [["notes", plain(view.notes)] as const]),
  ];
}

function disabled(view: AccountView, now: EpochMs): (readonly [string, string])[] {
  const { disabledAt, disabledBy, disableReason } = view;
  if (disabledAt === undefined) return [];
  const by = disabledBy === undefined ? "" : ` by ${plain(disabledBy.user ?? disabledBy.via)}`;
  const why = disableReason === undefined ? "" : `: ${plain(disableReason)}`;
  return [["disabled", `${spokenInstant(disabledAt, now)}${by}${why}`]];
}

function windowText(view: AccountView, window: "fiveHour" | "weekly", now: EpochMs): string {
  const remaining = remainingText(view, window);
  const resetAt = view.limits?.[window]?.resetAt;
  if (remaining === "unknown" || typeof resetAt !== "string") return remaining;
  return `${remaining} left, reset ${spokenInstant(resetAt, now)}`;
}

function loginText({ auth }: AccountView, now: EpochMs): string {
  if (auth.state === "invalid") return "refused; link the account again";
  if (auth.expiresAt === undefined) return "renewed at the next use";
  const renewal = auth.state === "expiring" ? ", renewed at the next use" : "";
  const ends = Date.parse(auth.expiresAt) > now ? "ends" : "ended";
  return `token ${ends} ${spokenInstant(auth.expiresAt, now)}${renewal}`;
}

function usedText({ usageCount, lastUsed }: AccountView, now: EpochMs): string {
  const times = `${usageCount} ${usageCount === 1 ? "request" : "requests"}`;
  return lastUsed === undefined ? times : `${times}, the last ${spokenInstant(lastUsed, now)}`;
}
