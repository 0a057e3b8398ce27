import type { DecisionCandidate, DecisionView } from "@open-multi-auth/loopback-api/client";
import { useAnswer } from "../../api/use-answer.ts";
import { useApp } from "../../app/context.ts";
import { LinkButton } from "../../components/button.tsx";
import { useCopy } from "../../components/copy.tsx";
import { Fold } from "../../components/fold.tsx";
import { Table } from "../../components/table.tsx";
import { Unread } from "../../components/unread.tsx";
import { percent } from "../../format/percent.ts";
import { duration, moment } from "../../format/time.ts";
import { attemptBars, candidateRows, type CandidateRow } from "./decision-row.ts";

/** Why the account was taken, who else could have answered, and what was tried. */
export function DecisionBody({ decision }: { readonly decision: DecisionView }) {
  const { explanation, selectedAlias, outcome, requestId } = decision;
  const {
    value: detail,
    error,
    askAgain,
  } = useAnswer("GET /api/decisions/:requestId", { params: { requestId } });
  return (
    <div class="dec-b">
      <p>
        <b>{selectedAlias === null ? "Why not?" : `Why ${selectedAlias}?`}</b> {explanation.sentence}{" "}
        {detail && outcome !== "served" && `The request was ${detail.ended}.`}
      </p>
      {!detail && <Unread what="The reasons" error={error} onAgain={askAgain} />}
      <Candidates decision={decision} details={detail?.candidates ?? []} />
      <Attempts decision={decision} />
      <Facts decision={decision} />
    </div>
  );
}

interface CandidatesProps {
  readonly decision: DecisionView;
  /** Empty until the server has told them. */
  readonly details: readonly DecisionCandidate[];
}

function Candidates({ decision, details }: CandidatesProps) {
  const at = Date.parse(decision.at);
  const detailOf = ({ alias }: CandidateRow): DecisionCandidate | undefined =>
    details.find((one) => one.alias === alias);
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
            {
              head: "Could it answer?",
              class: "t2",
              cell: (row) => couldText(row, detailOf(row)?.because),
            },
            { head: "5-hour left", class: "num t2", cell: (row) => percentText(detailOf(row)?.fiveHourLeft) },
            { head: "Weekly left", class: "num t2", cell: (row) => percentText(detailOf(row)?.weeklyLeft) },
            {
              head: "Resets in",
              class: "num t2 nw oc",
              cell: (row) => {
                const resetAt = detailOf(row)?.weeklyResetAt;
                return resetAt === undefined ? "–" : duration(Date.parse(resetAt) - at);
              },
            },
          ]}
        />
      )}
    </Fold>
  );
}

function couldText({ isChosen, couldAnswer }: CandidateRow, because: string | undefined): string {
  if (isChosen) return "yes, chosen";
  const can = couldAnswer ? "yes" : "no";
  return because === undefined ? can : `${can}, ${couldAnswer ? "but " : ""}it ${because}`;
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
  const now = useApp().now.value;
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
