import { Fragment } from "preact";
import { Panel } from "../../components/panel.tsx";
import { useState } from "preact/hooks";
import type { DecisionView } from "@open-multi-auth/loopback-api/client";
import { Button, LinkButton } from "../../components/button.tsx";
import { Unread } from "../../components/unread.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { useApp } from "../../app/context.ts";
import { moment } from "../../format/time.ts";
import { Decision } from "./Decision.tsx";
import type { DecisionLog } from "./decision-log.ts";
import { isShown, type Filter } from "./decision-row.ts";
import { useValue } from "../../state/signal.ts";

const FILTERS = [
  ["all", "All"],
  ["moved", "Moved"],
  ["refused", "Refused"],
] as const satisfies readonly (readonly [Filter, string])[];

/** So many rows are shown first, and more each time that older ones are wished for. */
const PAGE = 25;

interface DecisionsProps {
  readonly log: DecisionLog;
  readonly leftAt: number | undefined;
}

/** The requests, newest first. The list stands still while it is paused or pointed at. */
export function Decisions({ log, leftAt }: DecisionsProps) {
  const [filter, setFilter] = useState<Filter>("all");
  const [isPaused, setPaused] = useState(false);
  const [most, setMost] = useState(PAGE);
  const hasOlder = useValue(log.hasOlder);
  const all = (useValue(log.list) ?? []).filter((decision) => isShown(decision, filter));
  const older = async (): Promise<void> => {
    if (all.length < most + PAGE && hasOlder) await log.older();
    setMost(most + PAGE);
  };
  const pause = (wanted: boolean): void => {
    setPaused(wanted);
    log.hold(wanted);
  };
  return (
    <Panel
      id="decisions"
      title="Decisions"
      sub={isPaused && "Paused"}
      actions={
        <>
          <Segmented label="Show" options={FILTERS} value={filter} onChange={setFilter} />
          <Button icon={isPaused ? "play" : "pause"} aria-pressed={isPaused} onClick={() => pause(!isPaused)}>
            Pause
          </Button>
        </>
      }
      onMouseEnter={() => log.hold(true)}
      onMouseLeave={() => log.hold(isPaused)}
      onFocusIn={() => log.hold(true)}
      onFocusOut={() => log.hold(isPaused)}
    >
      <Unread what="The requests" error={useValue(log.problem)} onAgain={() => void log.reload()} />
      <div class="dec-h" aria-hidden="true">
        <span>Time</span>
        <span>Account</span>
        <span>Why this account</span>
        <span class="num">First byte</span>
        <span>Outcome</span>
        <span />
      </div>
      <Waiting log={log} filter={filter} />
      {all.length === 0 && <p class="since">{NOTHING[filter]}</p>}
      <List decisions={all.slice(0, most)} leftAt={leftAt} />
      {(hasOlder || all.length > most) && (
        <p class="since older">
          <LinkButton onClick={() => void older()}>Show older</LinkButton>
        </p>
      )}
    </Panel>
  );
}

const NOTHING: Readonly<Record<Filter, string>> = {
  all: "No request yet.",
  moved: "None of these requests moved.",
  refused: "None of these requests was refused or broken off.",
};

/** What has come in since the list stands still. */
function Waiting({ log, filter }: { readonly log: DecisionLog; readonly filter: Filter }) {
  const count = useValue(log.waiting).filter((decision) => isShown(decision, filter)).length;
  if (count === 0) return null;
  return (
    <p class="since">
      <LinkButton onClick={log.showWaiting}>{count} new</LinkButton>
    </p>
  );
}

interface ListProps {
  readonly decisions: readonly DecisionView[];
  readonly leftAt: number | undefined;
}

/** With a rule where the person was last here. */
function List({ decisions, leftAt = 0 }: ListProps) {
  const now = useApp().now.value;
  const seen = decisions.findIndex(({ at }) => Date.parse(at) <= leftAt);
  return (
    <>
      {decisions.map((decision, index) => (
        <Fragment key={decision.requestId}>
          {index === seen && index > 0 && (
            <p class="since">
              You were here until {moment(leftAt, now)}
              <span class="rule" />
            </p>
          )}
          <Decision decision={decision} />
        </Fragment>
      ))}
    </>
  );
}
