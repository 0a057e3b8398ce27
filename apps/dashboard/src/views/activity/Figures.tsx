import { useEffect } from "preact/hooks";
import type { StateView } from "@open-multi-auth/loopback-api/client";
import { useAnswer } from "../../api/use-answer.ts";
import { useApp } from "../../app/context.ts";
import { LinkButton } from "../../components/button.tsx";
import { Note } from "../../components/note.tsx";
import { Kept } from "./Kept.tsx";
import { LevelPanel } from "./LevelPanel.tsx";
import { Share } from "./Share.tsx";

/** Hours are rolled up every few minutes; more often there is nothing new. */
const EVERY_MS = 60_000;
const MONTH = { query: { days: 30 } } as const;

/** The figures beside the list: shares, the level of the pool, and what was kept from the person. */
export function Figures({ state }: { readonly state: StateView }) {
  const series = useAnswer("GET /api/series", MONTH);
  const now = useApp().now.value;
  const minute = now - (now % EVERY_MS);
  const { askAgain } = series;
  useEffect(() => {
    const timer = setInterval(askAgain, EVERY_MS);
    return () => clearInterval(timer);
  }, [askAgain]);
  return (
    <div class="side">
      {series.error && series.value === undefined && (
        <Note
          kind="problem"
          code={series.error.code}
          actions={<LinkButton onClick={askAgain}>Try again</LinkButton>}
        >
          The history could not be read. {series.error.message}
        </Note>
      )}
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
