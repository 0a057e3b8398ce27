import { wholePercent, type AccountView, type EpochMs } from "@open-multi-auth/domain";
import { describeSource } from "@open-multi-auth/limits-probe";
import { remainingText } from "./account.ts";
import { bar, levelOf } from "./bar.ts";
import type { Colours } from "./colours.ts";
import { plain } from "./text.ts";
import { forecastText, spokenInstant } from "./time.ts";

type Slot = "fiveHour" | "weekly";

/** Below these percents a window is called low, or critical. */
export interface Thresholds {
  readonly criticalThreshold: number;
  readonly lowThreshold: number;
}

/** What is thrown away of a week is worth saying from here on; five hours come back soon anyway. */
const WASTE_WORTH_SAYING = 10;

/** One window: its bar with what is left and when it is full again, and under it the pace. */
export function windowLines(
  view: AccountView,
  slot: Slot,
  { now, colours, thresholds }: { now: EpochMs; colours: Colours; thresholds: Thresholds },
): string[] {
  const window = view.limits?.[slot];
  if (!window || view.limitsConfidence === "unknown") return [remainingText(view, slot)];
  const { remaining, resetAt } = window;
  const level = levelOf(remaining, thresholds);
  const pace = view.pace?.[slot];
  const evenPace = pace && remaining + pace.deficit;
  const faded = view.limitsConfidence !== "fresh";
  const left = `${wholePercent(remaining)} % left${level === "enough" ? "" : ` (${level})`}`;
  const reset = resetAt === null ? "" : `, ${resetText(resetAt, now)}`;
  const drawn = bar({ remaining, evenPace, level, faded }, colours);
  return [`${drawn}  ${faded ? colours.dim(left + reset) : left + reset}`, ...paceLines(view, slot, now)];
}

function resetText(resetAt: string, now: EpochMs): string {
  return Date.parse(resetAt) > now ? `reset ${spokenInstant(resetAt, now)}` : "has been reset since";
}

/** The pace in words. */
function paceLines({ pace: paces }: AccountView, slot: Slot, now: EpochMs): string[] {
  const pace = paces?.[slot];
  if (!pace) return [];
  const points = Math.round(Math.abs(pace.deficit));
  const stage = pace.stage === "on-track" ? "on track" : `${points} % in ${pace.stage}`;
  const end = pace.runsOutAt === null ? "lasts until the reset" : runsOutText(pace.runsOutAt, now);
  const isWasted = slot === "weekly" && pace.waste >= WASTE_WORTH_SAYING;
  const waste = isWasted ? [`${Math.round(pace.waste)} % would go unused`] : [];
  return [[stage, end, ...waste].join(", ")];
}

const runsOutText = (at: string, now: EpochMs): string =>
  Date.parse(at) > now ? `runs out in ${forecastText(Date.parse(at) - now)}` : "has run out";

/** How far the figures can be trusted, from when and from where they are, and what failed since. */
export function trustLines(view: AccountView, now: EpochMs, colours: Colours): string[] {
  const { limitsConfidence: confidence, limits, limitStatus } = view;
  const running = limitStatus === "running" || limitStatus === "queued" ? `, ${limitStatus}` : "";
  const paint = { fresh: colours.green, stale: colours.yellow, error: colours.red, unknown: colours.dim }[
    confidence
  ];
  const measured = limits === null ? "never measured" : measuredText(limits, now);
  return [`${paint(confidence)}${running}, ${measured}`, ...failureTexts(view, now)];
}

/** When figures were measured, and by what: the source with its model and session file. */
export function measuredText({ at, source }: NonNullable<AccountView["limits"]>, now: EpochMs): string {
  const file = source.file === undefined ? "" : `, session ${plain(source.file)}`;
  return `measured ${spokenInstant(at, now)} by the ${plain(describeSource(source))}${file}`;
}

/** What the last probe failed of, while no success followed. */
export function failureTexts({ limitError, lastLimitErrorAt }: AccountView, now: EpochMs): string[] {
  if (limitError === undefined) return [];
  const when = lastLimitErrorAt === undefined ? "" : ` ${spokenInstant(lastLimitErrorAt, now)}`;
  return [`failed${when}: ${plain(limitError)}`];
}
