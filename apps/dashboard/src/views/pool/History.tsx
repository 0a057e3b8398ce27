import type { AccountDetail } from "@open-multi-auth/loopback-api/client";
import { percent } from "../../format/percent.ts";
import { duration } from "../../format/time.ts";
import type { Slot } from "./model/window.ts";

const HOUR_MS = 3_600_000;
const WIDTH = 200;
const HEIGHT = 44;

interface HistoryProps {
  readonly title: string;
  readonly slot: Slot;
  readonly hours: number;
  readonly history: AccountDetail["history"] | undefined;
  readonly now: number;
}

/** What was left over time, as the probes saw it: straight lines between readings, zero drawn. */
export function History({ title, slot, hours, history, now }: HistoryProps) {
  const from = now - hours * HOUR_MS;
  const points = (history ?? []).flatMap((entry) => {
    const at = Date.parse(entry.at);
    const left = entry[slot]?.remaining;
    return left === undefined || at < from ? [] : [{ at, left }];
  });
  return (
    <div>
      <h3>{title}</h3>
      {points.length < 2 ? (
        <p class="t3">{history === undefined ? " " : "Too few readings yet."}</p>
      ) : (
        <svg
          class="spark"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${percent(points[0]?.left ?? 0)} ${duration(now - (points[0]?.at ?? now))} ago, ${percent(points.at(-1)?.left ?? 0)} at the last reading`}
        >
          <path
            d={`M0 .5H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`}
            stroke="var(--line-2)"
            vector-effect="non-scaling-stroke"
          />
          <polyline
            points={points.map(({ at, left }) => `${x(at, from, now)},${y(left)}`).join(" ")}
            fill="none"
            stroke="var(--accent)"
            stroke-width="1.5"
            vector-effect="non-scaling-stroke"
          />
        </svg>
      )}
    </div>
  );
}

const x = (at: number, from: number, to: number): string => (((at - from) / (to - from)) * WIDTH).toFixed(1);
const y = (left: number): string => ((1 - left / 100) * (HEIGHT - 2) + 1).toFixed(1);
