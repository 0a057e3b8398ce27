import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useAnswer, useEvery } from "../../api/use-answer.ts";
import { useApp } from "../../app/context.ts";
import { Unread } from "../../components/unread.tsx";
import { Kept } from "./Kept.tsx";
import { LevelPanel } from "./LevelPanel.tsx";
import { Share } from "./Share.tsx";
import { useValue } from "../../state/signal.ts";

/** Hours are rolled up every few minutes; more often there is nothing new. */
const EVERY_MS = 60_000;
const MONTH = { query: { days: 30 } } as const;

/** The figures beside the list: shares, the level of the pool, and what was kept from the person. */
export function Figures({ state }: { readonly state: StateView }) {
  const series = useAnswer("GET /api/series", MONTH);
  const now = useValue(useApp().now);
  const minute = now - (now % EVERY_MS);
  const { askAgain } = series;
  useEvery(EVERY_MS, askAgain);
  return (
    <div class="side">
      {series.value === undefined && <Unread what="The history" error={series.error} onAgain={askAgain} />}
      {series.value && (
        <>
          <Share series={series.value} state={state} now={minute} />
          <LevelPanel series={series.value} state={state} now={minute} />
        </>
      )}
      <Kept counters={state.counters} />
    </div>
  );
}
