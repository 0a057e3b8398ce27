import type { AccountView, EpochMs } from "@open-multi-auth/domain";
import { aliasText, known, stateText } from "./account.ts";
import type { Colours } from "./colours.ts";
import { trustLines, windowLines, type Thresholds } from "./limits.ts";
import { plain, table, wrapped } from "./text.ts";
import { spokenInstant } from "./time.ts";

/** What the lines of a status are made with. */
export interface StatusStyle {
  readonly now: EpochMs;
  readonly colours: Colours;
  readonly thresholds: Thresholds;
}

/** All that is known of one account, as a block of lines. */
export function statusText(view: AccountView, style: StatusStyle): string {
  const { dim } = style.colours;
  const title = [aliasText(view, style.colours), known(view.email), known(view.planType)].join("  ");
  const rows = facts(view, style).flatMap(([name, lines]) =>
    lines.flatMap(wrapped).map((line, index) => [`  ${dim(index === 0 ? name : "")}`, line]),
  );
  return `${title}\n${table(rows)}`;
}

function facts(view: AccountView, style: StatusStyle): (readonly [name: string, lines: readonly string[]])[] {
  const { now, colours } = style;
  return [
    ["state", [stateText(view, now, colours)]],
    ...disabled(view, now),
    ["health", [view.health.state]],
    ["5 h", windowLines(view, "fiveHour", style)],
    ["week", windowLines(view, "weekly", style)],
    ["limits", trustLines(view, now, colours)],
    ["login", [loginText(view, now)]],
    ["used", [usedText(view, now)]],
    ...(view.tags.length > 0 ? [["tags", [plain(view.tags.join(", "))]] as const] : []),
    ...(view.notes === undefined ? [] : [["notes", [plain(view.notes)]] as const]),
  ];
}

function disabled(view: AccountView, now: EpochMs): (readonly [string, readonly string[]])[] {
  const { disabledAt, disabledBy, disableReason } = view;
  if (disabledAt === undefined) return [];
  const by = disabledBy === undefined ? "" : ` by ${plain(disabledBy.user ?? disabledBy.via)}`;
  const why = disableReason === undefined ? "" : `: ${plain(disableReason)}`;
  return [["disabled", [`${spokenInstant(disabledAt, now)}${by}${why}`]]];
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
