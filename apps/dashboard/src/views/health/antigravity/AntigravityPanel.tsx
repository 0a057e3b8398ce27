import { useApp } from "../../../app/context.ts";
import { Panel } from "../../../components/panel.tsx";
import { useAnswer } from "../../../api/use-answer.ts";
import { LinkButton } from "../../../components/button.tsx";
import { Note } from "../../../components/note.tsx";
import { Table } from "../../../components/table.tsx";
import { percent } from "../../../format/percent.ts";
import { clock, duration } from "../../../format/time.ts";
import { antigravityProblems, antigravityRows } from "./rows.ts";
import { useValue } from "../../../state/signal.ts";

/** Antigravity's accounts and quotas, beside the pool and no part of it; loaded only while the flag is on. */
export function AntigravityPanel() {
  const now = useValue(useApp().now);
  const reading = useAnswer("GET /api/antigravity/status");
  const { value, error, askAgain } = reading;
  const credits = value?.quotas?.credits;
  const rows = value === undefined ? [] : antigravityRows(value);
  return (
    <Panel
      id="antigravity"
      title="Antigravity"
      sub={
        <>
          <span class="tag">read-only</span> Not part of the pool.
          {value && ` Read at ${clock(Date.parse(value.at))}.`}
          {credits && ` ${credits.available} of ${credits.monthly} prompt credits left this month.`}
        </>
      }
      actions={<LinkButton onClick={askAgain}>Read again</LinkButton>}
    >
      {error && (
        <Note kind="problem" code={error.code}>
          Antigravity could not be read. {error.message}
        </Note>
      )}
      {value &&
        antigravityProblems(value).map((problem) => (
          <p key={problem} class="since">
            {problem}
          </p>
        ))}
      {rows.length > 0 && (
        <div class="p-body">
          <Table
            caption="Antigravity accounts and what is left of their models"
            rows={rows}
            rowKey={({ account, model }) => `${account} ${model}`}
            columns={[
              { head: "Account", cell: ({ account }) => account },
              { head: "Model", cell: ({ model }) => model },
              {
                head: "Left",
                class: "num",
                cell: ({ left }) => (left === null ? <span class="t2">unknown</span> : percent(left)),
              },
              {
                head: "Resets in",
                class: "num",
                cell: ({ resetsAt }) =>
                  resetsAt === null || resetsAt <= now ? <span class="t2">–</span> : duration(resetsAt - now),
              },
            ]}
          />
        </div>
      )}
    </Panel>
  );
}
