import { forecastMoment, moment, midnights } from "../../format/time.ts";
import { days, evenHours } from "./model/axis.ts";
import { without } from "./model/forecast.ts";
import { HORIZON_MS, type Headline } from "./model/headline.ts";

const SHORT_MS = 12 * 3_600_000;

/** The headline drawn on a ruler of seven days, or of twelve hours while nothing is left. */
export function Runway({ headline, now }: { readonly headline: Headline; readonly now: number }) {
  const { answer, gaps } = headline;
  if (answer.kind === "unknown") return null;
  const isOut = answer.kind === "nothing";
  const to = now + (isOut && answer.back && answer.back.at - now < SHORT_MS ? SHORT_MS : HORIZON_MS);
  const place = (at: number): number => ((Math.min(to, Math.max(now, at)) - now) / (to - now)) * 100;
  const box = ({ from, to: end }: { from: number; to: number }) => ({
    left: `${place(from)}%`,
    width: `${place(end) - place(from)}%`,
  });
  const emptyAt = answer.kind === "until" ? answer.at : isOut ? now : to;
  const marks = to - now === SHORT_MS ? evenHours(now, to) : days(now, to);
  const edges = to - now === SHORT_MS ? marks.map(({ at }) => at) : midnights(now, to);
  const after = without({ from: emptyAt, to }, gaps);
  const tick = answer.kind === "until" ? answer.at : isOut ? answer.back?.at : undefined;
  return (
    <figure class="run" role="img" aria-label={spoken(headline, now)}>
      <div class="run-t" aria-hidden="true">
        <RunwayLabels headline={headline} now={now} place={place} />
      </div>
      <div class="run-b">
        <span class="trk">
          {!isOut && <i class="a" style={box({ from: now, to: emptyAt })} />}
          {gaps.map((gap) => (
            <i key={gap.from} class="c" style={box(gap)} />
          ))}
          {after.map((span) => (
            <i key={span.from} class="b" style={box(span)} />
          ))}
          {edges.map((at) => (
            <i key={at} class="d" style={{ left: `${place(at)}%` }} />
          ))}
        </span>
        {tick !== undefined && tick < to && <i class="tick" style={{ left: `${place(tick)}%` }} />}
      </div>
      <div class="run-x" aria-hidden="true">
        <span class="z" style={{ left: 0 }}>
          now
        </span>
        {marks
          .filter(({ at }) => place(at) > 9)
          .map(({ at, label }) => (
            <span key={at} style={{ left: `${place(at)}%` }}>
              {label}
            </span>
          ))}
      </div>
    </figure>
  );
}

interface RunwayLabelsProps {
  readonly headline: Headline;
  readonly now: number;
  readonly place: (at: number) => number;
}

function RunwayLabels({ headline: { answer }, now, place }: RunwayLabelsProps) {
  if (answer.kind === "nothing") {
    if (!answer.back) return null;
    return (
      <Label at={place(answer.back.at)} side={place(answer.back.at) > 60 ? "l" : "a"}>
        <b>
          {answer.back.alias} is back {moment(answer.back.at, now)}
        </b>
      </Label>
    );
  }
  if (answer.kind !== "until") return null;
  const at = place(answer.at);
  // Near the left edge there is only room on the right.
  const isLeft = at > 22;
  return (
    <>
      <Label at={at} side={isLeft ? "l" : "a"}>
        <b>empty about {forecastMoment(answer.at, now)}</b>
      </Label>
      {isLeft && answer.back && place(answer.back.at) < 88 && (
        <Label at={place(answer.back.at)} side="a">
          {answer.back.alias} resets
        </Label>
      )}
    </>
  );
}

function Label({
  at,
  side,
  children,
}: {
  readonly at: number;
  /** Of its mark: before it, or after. */
  readonly side: "l" | "a";
  readonly children: preact.ComponentChildren;
}) {
  return (
    <span class={side} style={{ left: `${at}%` }}>
      {children}
    </span>
  );
}

function spoken({ answer }: Headline, now: number): string {
  switch (answer.kind) {
    case "until":
      return `The pool lasts until about ${forecastMoment(answer.at, now)}${answer.back ? `, then nothing until ${moment(answer.back.at, now)}` : ""}`;
    case "nothing":
      return answer.back ? `Nothing is left until ${moment(answer.back.at, now)}` : "No account can answer";
    case "lasts":
    case "unknown":
      return "The pool lasts for the week that is drawn";
    default:
      return answer satisfies never;
  }
}
