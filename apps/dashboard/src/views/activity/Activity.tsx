import { useEffect, useMemo } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";
import { createDecisionLog } from "./decision-log.ts";
import { Decisions } from "./Decisions.tsx";
import { Digest } from "./Digest.tsx";
import { Figures } from "./Figures.tsx";
import { useLastVisit } from "./last-visit.ts";
import { NoRequests } from "./NoRequests.tsx";

/** The view `#/activity`: which requests went where and why, and what was kept from the person. */
export function Activity() {
  const app = useApp();
  const { state } = app;
  const log = useMemo(() => createDecisionLog(app), [app]);
  useEffect(() => log.follow(), [log]);
  const leftAt = useLastVisit();
  const list = log.list.value;
  if (state.value === undefined || (list === undefined && log.problem.value === undefined)) {
    return <Loading what="activity" rows={8} />;
  }
  const { counters } = state.value;
  if (list?.length === 0 && counters.requests === 0) return <NoRequests />;
  return (
    <>
      <Digest counters={counters} decisions={list ?? []} isAll={!log.hasOlder.value} leftAt={leftAt} />
      <div class="two">
        <Decisions log={log} leftAt={leftAt} />
        <Figures state={state.value} />
      </div>
    </>
  );
}
