import { useEffect, useMemo } from "preact/hooks";
import { useApp } from "../../app/context.ts";
import { Loading } from "../../components/empty.tsx";
import { createDecisionLog } from "./decision-log.ts";
import { Decisions } from "./Decisions.tsx";
import { Digest } from "./Digest.tsx";
import { Figures } from "./Figures.tsx";
import { useLastVisit } from "./last-visit.ts";
import { NoRequests } from "./NoRequests.tsx";
import { useValue } from "../../state/signal.ts";

/** The view `#/activity`: which requests went where and why, and what was kept from the person. */
export function Activity() {
  const app = useApp();
  const state = useValue(app.state);
  const log = useMemo(() => createDecisionLog(app), [app]);
  useEffect(() => log.follow(), [log]);
  const leftAt = useLastVisit();
  const list = useValue(log.list);
  const problem = useValue(log.problem);
  const hasOlder = useValue(log.hasOlder);
  if (state === undefined || (list === undefined && problem === undefined)) {
    return <Loading what="activity" rows={8} />;
  }
  const { counters } = state;
  if (list?.length === 0 && counters.requests === 0) return <NoRequests />;
  return (
    <>
      <Digest counters={counters} decisions={list ?? []} isAll={!hasOlder} leftAt={leftAt} />
      <div class="two">
        <Decisions log={log} leftAt={leftAt} />
        <Figures state={state} />
      </div>
    </>
  );
}
