import { explainOutcome, explainReason } from "@open-multi-auth/domain";
import type { DecisionView } from "@open-multi-auth/loopback-api/client";
import { useApp } from "../../app/context.ts";
import { LinkButton } from "../../components/button.tsx";
import { useCopy } from "../../components/copy.tsx";
import { Fold } from "../../components/fold.tsx";
import { Table } from "../../components/table.tsx";
import { percent } from "../../format/percent.ts";
import { duration, moment } from "../../format/time.ts";
import { attemptBars, candidateRows, type CandidateRow } from "./decision-row.ts";
import { useReadings } from "./readings.ts";

/** Why the account was taken, who else could have answered, and what was tried. */
export function DecisionBody({ decision }: { readonly decision: DecisionView }) {
  const { explanation, selectedAlias, outcome } = decision;
  return (
    <div class="dec-b">
      <p>
        <b>{selectedAlias === null ? "Why not?" : `Why ${selectedAlias}?`}</b> {explanation.sentence}{" "}
        {outcome !== "served" && `The request was ${explainOutcome(outcome)}.`}
      </p>
      <Candidates decision={decision} />
      <Attempts decision={decision} />
      <Facts decision={decision} />
    </div>
  );
}

function Candidates({ decision }: { readonly decision: DecisionView }) {
  const readings = useReadings(decision.requestId);
  const at = Date.parse(decision.at);
  return (
    <Fold items={candidateRows(decision)} most={12} word="more accounts">
      {(rows) => (
        <Table
          caption="The accounts at that moment"
          rows={rows}
          rowKey={({ alias }) => alias}
          rowClass={({ isChosen, couldAnswer }) => (isChosen ? "chosen" : couldAnswer ? undefined : "no")}
          columns={[
            { head: "Account", cell: ({ alias }) => alias },
            { head: "Could it answer?", class: "t2", cell: couldText },
            {
              head: "5-hour left",
              class: "num t2",
              cell: ({ alias }) => percentText(readings?.get(alias)?.fiveHour?.remaining),
            },
            {
              head: "Weekly left",
              class: "num t2",
              cell: ({ alias }) => percentText(readings?.get(alias)?.weekly?.remaining),
            },
            {
              head: "Resets in",
              class: "num t2 nw oc",
              cell: ({ alias }) => {
                const resetAt = readings?.get(alias)?.weekly?.resetAt;
                return resetAt == null ? "–" : duration(resetAt - at);
              },
            },
          ]}
        />
      )}
    </Fold>
  );
}

function couldText({ isChosen, couldAnswer, reason }: CandidateRow): string {
  if (isChosen) return "yes, chosen";
  if (!couldAnswer) return `no, it ${explainReason(reason ?? "skipped")}`;
  return reason === undefined ? "yes" : `yes, but it ${explainReason(reason)}`;
}

const percentText = (value: number | undefined): string => (value === undefined ? "–" : percent(value));

function Attempts({ decision }: { readonly decision: DecisionView }) {
  const bars = attemptBars(decision);
  if (bars.length === 0) return null;
  return (
    <ol class="wf" aria-label="Attempts, one after another">
      {bars.map(({ alias, left, width, isServed, text }, index) => (
        <li key={index}>
          <span>{alias}</span>
          <span class="ln" aria-hidden="true">
            <i class={isServed ? "good" : undefined} style={{ left: `${left}%`, width: `${width}%` }} />
          </span>
          <span class="tx">{text}</span>
        </li>
      ))}
    </ol>
  );
}

function Facts({ decision }: { readonly decision: DecisionView }) {
  const { copy, isCopied } = useCopy();
  const now = useApp().now.peek();
  const { model, requestId, at, strategy, totalMs } = decision;
  return (
    <p class="facts-line">
      {model ?? "model unknown"}, {moment(Date.parse(at), now)}, strategy {strategy}, {Math.round(totalMs)} ms
      in all, <code>{requestId}</code>{" "}
      <LinkButton onClick={() => copy(JSON.stringify(decision, null, 2))}>
        {isCopied ? "Copied" : "Copy as JSON"}
      </LinkButton>
    </p>
  );
}
