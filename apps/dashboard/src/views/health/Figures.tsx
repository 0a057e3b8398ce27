import { useAnswer, useEvery } from "../../api/use-answer.ts";
import { useApp } from "../../app/context.ts";
import { Unread } from "../../components/unread.tsx";
import { moment } from "../../format/time.ts";
import { figuresOf } from "./figures.ts";
import { useValue } from "../../state/signal.ts";

const EVERY_MS = 30_000;

/** How the pool did, as `oma metrics` counts it. */
export function Figures() {
  const metrics = useAnswer("GET /api/metrics");
  const series = useAnswer("GET /api/series", WEEK);
  const now = useValue(useApp().now);
  useEvery(EVERY_MS, metrics.askAgain);
  if (metrics.value === undefined) {
    return <Unread what="The figures" error={metrics.error} onAgain={metrics.askAgain} />;
  }
  const { from } = metrics.value;
  return (
    <section aria-label="Figures">
      <dl class="read">
        {figuresOf(metrics.value, series.value, now).map(({ title, value, note, days }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
            <dd class="beside">{note === "" ? <Bars days={days} /> : note}</dd>
          </div>
        ))}
      </dl>
      <p class="read-note">
        {from === null
          ? "No request was counted yet."
          : `Counted since ${moment(Date.parse(from), now)}. Bars are of the last 7 days. Added delay is until the first byte, without the time of the account that answered.`}
      </p>
    </section>
  );
}

const WEEK = { query: { days: 7 } } as const;

function Bars({ days }: { readonly days: readonly number[] }) {
  const most = Math.max(1, ...days);
  if (days.length === 0) return null;
  return (
    <span class="bars" aria-hidden="true">
      {days.map((count, day) => (
        <i key={day} style={{ height: `${(count / most) * 100}%` }} />
      ))}
    </span>
  );
}
