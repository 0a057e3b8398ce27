import type { Counters, DecisionView } from "@open-multi-auth/loopback-api/client";
import { Answer } from "../../components/answer.tsx";
import { useApp } from "../../app/context.ts";
import { duration } from "../../format/time.ts";
import { absence, headlineOf } from "./digest.ts";
import { count, number } from "../../format/count.ts";

/** Away for less than this, nobody asks what happened. */
const AWAY_MS = 5 * 60_000;

interface DigestProps {
  readonly counters: Counters;
  readonly decisions: readonly DecisionView[];
  /** Whether these are all there are. */
  readonly isAll: boolean;
  readonly leftAt: number | undefined;
}

/** The view's answer: what was kept from the person, and what happened while they were away. */
export function Digest({ counters, decisions, isAll, leftAt }: DigestProps) {
  const { kept, reached } = headlineOf(counters);
  return (
    <Answer
      title={
        <>
          <b>{kept === 0 ? "No interruptions" : count(kept, "interruption")}</b> kept from you this week,{" "}
          <b>{reached === 0 ? "none" : reached}</b> reached you
        </>
      }
    >
      <Away decisions={decisions} isAll={isAll} leftAt={leftAt} /> {count(counters.requests, "request")} in 7
      days, {number(counters.moved)} of them moved to another account.
    </Answer>
  );
}

function Away({ decisions, isAll, leftAt }: Omit<DigestProps, "counters">) {
  const now = useApp().now.value;
  if (leftAt === undefined || now - leftAt < AWAY_MS) return null;
  const { requests, moved, refused } = absence(decisions, leftAt);
  const away = `While you were away, ${duration(now - leftAt)}:`;
  // Where all that is listed is newer, there was more.
  const more = !isAll && requests === decisions.length ? "more than " : "";
  if (requests === 0) return <>{away} no request.</>;
  return (
    <>
      {away} {more}
      {count(requests, "request")}, {moved === 0 ? "none moved" : `${moved} moved unseen`}
      {refused > 0 && (
        <>
          , <b>{refused} reached you</b>
        </>
      )}
      .
    </>
  );
}
