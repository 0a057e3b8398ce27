import type { StateView } from "@open-multi-auth/loopback-api/client";
import { Panel } from "../../components/panel.tsx";
import { Glyph } from "../../components/glyph.tsx";
import { clock, moment, weekday, midnights } from "../../format/time.ts";
import { days, evenHours } from "./model/axis.ts";
import { HORIZON_MS, type Headline } from "./model/headline.ts";
import { laneOf, type Lane } from "./model/lanes.ts";
import { statusOf } from "./model/status.ts";

const HOUR_MS = 3_600_000;
const NEAR_MS = 12 * HOUR_MS;
const BREAK = { from: 40, to: 42 } as const;
/** From so many accounts on only the resets of the next day are drawn. */
const MANY = 60;

interface ResetsProps {
  readonly state: StateView;
  readonly headline: Headline;
  readonly now: number;
}

/** When each account fills up again, and what it can do until then; twelve hours, a break, then days. */
export function Resets({ state, headline, now }: ResetsProps) {
  const horizon = now + HORIZON_MS;
  const all = state.accounts.map((account) => laneOf(account, now, horizon, headline.gaps));
  const lanes = all.length < MANY ? all : all.filter((lane) => isSoon(lane, now));
  const left = all.length - lanes.length;
  return (
    <Panel id="tl-h" title="Resets" sub={subtitle(headline, now, left)}>
      <div class={`tl ${lanes.length > 8 ? "many" : ""}`}>
        <div class="tl-grid">
          <Axis now={now} />
          <ol class="tl-names">
            {lanes.map(({ alias }) => (
              <li key={alias}>
                <LaneGlyph alias={alias} state={state} now={now} />
                <span>{alias}</span>
              </li>
            ))}
          </ol>
          <div class="tl-lanes">
            <Grid now={now} />
            {headline.gaps.map((gap) => (
              <i key={gap.from} class="gap" style={box(gap.from, gap.to, now)} />
            ))}
            <ol aria-label="Forecast by account">
              {lanes.map((lane) => (
                <LaneRow key={lane.alias} lane={lane} now={now} />
              ))}
            </ol>
          </div>
          <i class="brk" aria-hidden="true" />
        </div>
      </div>
      <Key />
    </Panel>
  );
}

const isSoon = ({ weeklyAt }: Lane, now: number): boolean =>
  weeklyAt !== undefined && weeklyAt < now + 24 * HOUR_MS;

function subtitle({ answer }: Headline, now: number, left: number): string {
  if (answer.kind === "nothing" && answer.back)
    return `Nothing can take a request before ${moment(answer.back.at, now)}`;
  if (left > 0) return `Weekly resets of the next 24 hours; ${left} accounts without one are left out`;
  return "When each account fills up again, and the forecast until then";
}

function place(at: number, now: number): number {
  const ahead = Math.max(0, at - now);
  if (ahead <= NEAR_MS) return (ahead / NEAR_MS) * BREAK.from;
  const share = Math.min(1, (ahead - NEAR_MS) / (HORIZON_MS - NEAR_MS));
  return BREAK.to + share * (100 - BREAK.to);
}

function box(from: number, to: number, now: number): { readonly left: string; readonly width: string } {
  const start = place(from, now);
  return { left: `${start}%`, width: `${Math.max(0.3, place(to, now) - start)}%` };
}

function Axis({ now }: { readonly now: number }) {
  const near = now + NEAR_MS;
  const end = now + HORIZON_MS;
  return (
    <div class="tl-axis" aria-hidden="true">
      <span class="seg-n" style={{ left: 0 }}>
        Next 12 hours
      </span>
      <span class="seg-n" style={{ left: `${BREAK.to}%` }}>
        Then days, to {weekday(end)} {clock(end)}
      </span>
      <span class="first" style={{ left: 0 }}>
        now
      </span>
      {evenHours(now, near).map(({ at, label }, index) => (
        <span
          key={at}
          class={index === 2 ? "" : index === 4 ? "opt-x" : "opt-x opt-m"}
          style={{ left: `${place(at, now)}%` }}
        >
          {label}
        </span>
      ))}
      {days(near, end).map(({ at, label }, index) => (
        <span key={at} class={index % 2 === 0 ? "opt-x" : ""} style={{ left: `${place(at, now)}%` }}>
          {label}
        </span>
      ))}
    </div>
  );
}

function Grid({ now }: { readonly now: number }) {
  const near = now + NEAR_MS;
  const lines = [...evenHours(now, near).map(({ at }) => at), ...midnights(near, now + HORIZON_MS)];
  return (
    <>
      {lines.map((at) => (
        <i key={at} class="v" style={{ left: `${place(at, now)}%` }} />
      ))}
    </>
  );
}

function LaneGlyph({
  alias,
  state,
  now,
}: {
  readonly alias: string;
  readonly state: StateView;
  readonly now: number;
}) {
  const account = state.accounts.find((one) => one.alias === alias);
  return account ? <Glyph name={statusOf(account, state, now).kind} /> : null;
}

const KIND_CLASS = { can: "sp", later: "sp later", hold: "sp hold" } as const;

function LaneRow({ lane, now }: { readonly lane: Lane; readonly now: number }) {
  const { weeklyAt, hoursAt, lost, note, spans } = lane;
  const near = now + NEAR_MS;
  // A span across the break is drawn up to it and on from it.
  const parts = spans.flatMap(({ from, to, kind }) =>
    from < near && to > near
      ? [
          { kind, from, to: near },
          { kind, from: near + 1, to },
        ]
      : [{ kind, from, to }],
  );
  return (
    <li>
      {parts.map(({ from, to, kind }) => (
        <i key={`${kind}${from}`} class={KIND_CLASS[kind]} style={box(from, to, now)} />
      ))}
      {hoursAt !== undefined && hoursAt < near && (
        <i class="at f5" style={{ left: `${place(hoursAt, now)}%` }}>
          <Glyph name="hours" class="mk" />
          <span class="vh">5-hour window resets {moment(hoursAt, now)}</span>
        </i>
      )}
      {weeklyAt !== undefined && (
        <>
          <i class="at" style={{ left: `${place(weeklyAt, now)}%` }}>
            <Glyph name="weekly" class="mk" />
          </i>
          <span
            class={place(weeklyAt, now) > 80 ? "lb l" : "lb"}
            style={{ left: `${place(weeklyAt, now)}%` }}
          >
            <span class="vh">weekly window resets {moment(weeklyAt, now)} </span>
            <span class="tm" aria-hidden="true">
              {clock(weeklyAt)}
            </span>{" "}
            {lost !== undefined && <b>{lost}% lost</b>}
          </span>
        </>
      )}
      {note !== undefined && (
        <span class="lb z" style={{ left: 0 }}>
          {note}
        </span>
      )}
    </li>
  );
}

const KEY = [
  [<Glyph name="weekly" class="mk" />, "weekly reset, back to 100%"],
  [<Glyph name="hours" class="mk" />, "5-hour reset"],
  [<i class="sp" />, "can take requests"],
  [<i class="sp later" />, "after the reset"],
  [<i class="sp hold" />, "waits for a reset"],
  [<i class="gap" />, "nothing left"],
] as const;

function Key() {
  return (
    <div class="key">
      {KEY.map(([mark, word]) => (
        <span key={word}>
          {mark}
          {word}
        </span>
      ))}
      <span class="t3">
        The scale changes at the break. Later 5-hour windows start on first use, so they are not drawn.
      </span>
    </div>
  );
}
