import type { SeriesView } from "@open-multi-auth/domain";
import { Panel } from "../../components/panel.tsx";
import { useState } from "preact/hooks";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { Segmented } from "../../components/segmented.tsx";
import { forecastMoment } from "../../format/time.ts";
import { levelOf, type Level } from "./level.ts";
import { LevelChart } from "./LevelChart.tsx";

const SPANS = [
  ["1", "Day"],
  ["7", "Week"],
  ["30", "Month"],
] as const;

interface LevelPanelProps {
  readonly series: SeriesView;
  readonly state: StateView;
  readonly now: number;
}

/** How much was left in the pool, and where that goes at this pace. */
export function LevelPanel({ series, state, now }: LevelPanelProps) {
  const [days, setDays] = useState<"1" | "7" | "30">("7");
  const aliases = state.accounts.filter(({ enabled }) => enabled).map(({ alias }) => alias);
  const level = levelOf(series, { aliases, days: Number(days), now, runway: state.runway });
  return (
    <Panel
      id="level"
      title="Left in the pool"
      class="side"
      actions={<Segmented label="Span" options={SPANS} value={days} onChange={setDays} />}
    >
      <div class="p-body">
        {level.past.length < 4 ? (
          <p class="t2">Drawn from hourly readings: there is not enough of them yet.</p>
        ) : (
          <>
            <LevelChart level={level} now={now} />
            <p class="chart-note">
              {paceText(level, now)} The mean of the weekly windows of all enabled accounts.
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}

function paceText({ emptyAt }: Level, now: number): string {
  if (emptyAt === undefined) return "At this pace it does not run out.";
  return emptyAt <= now
    ? "Nothing is left."
    : `At this pace it is empty about ${forecastMoment(emptyAt, now)}.`;
}
