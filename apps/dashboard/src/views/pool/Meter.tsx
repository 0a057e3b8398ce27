import type { AccountView } from "@open-multi-auth/domain";
import { duration } from "../../format/time.ts";
import { gaugeOf, type Gauge, type Slot } from "./model/window.ts";

const WORDS = {
  fiveHour: { name: "5-hour window", short: "5 h", units: 5, unit: "h" },
  weekly: { name: "Weekly window", short: "Week", units: 7, unit: "d" },
} as const;

interface MeterProps {
  readonly account: AccountView;
  readonly slot: Slot;
  readonly confidence: AccountView["limitsConfidence"];
  readonly thresholds: { readonly lowThreshold: number; readonly criticalThreshold: number };
  readonly now: number;
}

/** One window on its ruler: what is left, where an even pace would be, when it resets. */
export function Meter({ account, slot, confidence, thresholds, now }: MeterProps) {
  const window = confidence === "unknown" ? undefined : account.limits?.[slot];
  if (!window) return <NoMeter slot={slot} hasOther={confidence !== "unknown" && account.limits !== null} />;
  const gauge = gaugeOf(window, now, thresholds);
  const { name, short, units } = WORDS[slot];
  const isOld = confidence !== "fresh" || gauge.isOver;
  return (
    <div class={`meter ${slot === "weekly" ? "mw" : "m5"} ${levelClass(gauge)} ${isOld ? "old" : ""}`}>
      <div class="m-top">
        <span class="m-lab">{short}</span>
        <b class="m-v">{gauge.text}</b>
        {gauge.gap && <span class={`m-gap ${gauge.gap.isShort ? "short" : ""}`}>{gauge.gap.text}</span>}
        <span class="m-reset">
          <ResetText gauge={gauge} now={now} />
        </span>
      </div>
      <div
        class="bar"
        style={{ "--n": units, "--v": gauge.left, "--p": gauge.even ?? 0, "--k": account.reservePercent }}
        role="meter"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={gauge.left}
        aria-label={`${name} of ${account.alias}: ${spoken(gauge, now)}`}
      >
        <Track gauge={gauge} reserve={account.reservePercent} />
        {gauge.even !== undefined && <i class="tick" />}
        <Scale slot={slot} />
      </div>
    </div>
  );
}

function Track({ gauge: { left, even }, reserve }: { readonly gauge: Gauge; readonly reserve: number }) {
  const isSpare = even !== undefined && left > even;
  return (
    <span class="trk">
      <i class="fill" style={{ "--v": isSpare ? even : left }} />
      {isSpare && <i class="spare" />}
      {even !== undefined && left < even && left > 0 && <i class="short" />}
      {reserve > 0 && <i class="kept" />}
    </span>
  );
}

function ResetText({ gauge, now }: { readonly gauge: Gauge; readonly now: number }) {
  if (gauge.isOver) return <>reset since</>;
  if (gauge.resetAt === undefined) return <span title="The window starts on first use">on first use</span>;
  return (
    <>
      <span class="w">resets in </span>
      {duration(gauge.resetAt - now)}
    </>
  );
}

/** The ruler's own units, for the roomy list. */
function Scale({ slot }: { readonly slot: Slot }) {
  const { units, unit } = WORDS[slot];
  return (
    <span class="scale" aria-hidden="true">
      {Array.from({ length: units + 1 }, (_, index) => (
        <span key={index} style={{ left: `${(index / units) * 100}%` }}>
          {index === 0 ? "reset" : index === 1 && units > 5 ? "" : `${index}\u202F${unit}`}
        </span>
      ))}
    </span>
  );
}

/** Never measured is a word, never a figure. */
function NoMeter({ slot, hasOther }: { readonly slot: Slot; readonly hasOther: boolean }) {
  const { short, units } = WORDS[slot];
  return (
    <div class={`meter ${slot === "weekly" ? "mw" : "m5"} none`}>
      <div class="m-top">
        <span class="m-lab">{short}</span>
        <span class="m-v">{hasOther ? "no limit" : "unknown"}</span>
      </div>
      <div class="bar" style={{ "--n": units }}>
        <span class="trk" />
      </div>
    </div>
  );
}

const levelClass = ({ level }: Gauge): string =>
  level === "critical" ? "lv-crit" : level === "low" ? "lv-low" : "";

function spoken({ text, even, resetAt, isOver }: Gauge, now: number): string {
  const pace = even === undefined ? "" : `, even pace ${Math.round(even)}%`;
  if (isOver) return `${text} left when it was read, reset since`;
  return `${text} left${pace}${resetAt === undefined ? ", starts on first use" : `, resets in ${duration(resetAt - now)}`}`;
}
