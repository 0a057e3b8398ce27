import { date, forecastMoment, weekday } from "../../format/time.ts";
import { dayMarks, type Level, type LevelPoint } from "./level.ts";

/** The drawing is so wide and high, in units of its own; it is stretched over the panel. */
const WIDTH = 1_000;
const HEIGHT = 100;

/** The level of the pool over time: solid what was measured, dashed what is expected. */
export function LevelChart({ level, now }: { readonly level: Level; readonly now: number }) {
  const { past, forecast, from, to, emptyAt } = level;
  const x = (at: number): number => ((at - from) / (to - from)) * WIDTH;
  const points = (line: readonly LevelPoint[]): string =>
    line.map(({ at, left }) => `${x(at).toFixed(1)} ${(HEIGHT - left).toFixed(2)}`).join("L");
  const last = past.at(-1);
  return (
    <figure class="chart" role="img" aria-label={sentence(level, now)}>
      <div class="plot-pad" aria-hidden="true">
        <div class="plot">
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
            <path class="grid" d={`M0 0H${WIDTH}M0 50H${WIDTH}`} />
            <path class="base" d={`M0 ${HEIGHT}H${WIDTH}`} />
            {past.length > 1 && (
              <>
                <path class="area" d={`M${points(past)}V${HEIGHT}H${x(past[0]?.at ?? from)}Z`} />
                <path class="line" d={`M${points(past)}`} />
              </>
            )}
            {forecast.length > 1 && <path class="line next" d={`M${points(forecast)}`} />}
            {emptyAt !== undefined && emptyAt < to && (
              <path class="empty" d={`M${x(Math.max(now, emptyAt))} ${HEIGHT}H${WIDTH}`} />
            )}
            <path class="now" d={`M${x(now)} 0V${HEIGHT}`} />
          </svg>
          {[0, 50, 100].map((left) => (
            <span key={left} class="lab y" style={{ top: `${HEIGHT - left}%` }}>
              {left}%
            </span>
          ))}
          {dayMarks(from, to)
            .filter((at) => x(at) > WIDTH * 0.03)
            .map((at) => (
              <span key={at} class="lab x" style={{ left: `${x(at) / 10}%` }}>
                {to - from > 8 * 86_400_000 ? date(at) : weekday(at)}
              </span>
            ))}
          {last && (
            <span class="lab pin" style={{ left: `${x(now) / 10}%` }}>
              now {Math.round(last.left)}%
            </span>
          )}
        </div>
      </div>
    </figure>
  );
}

/** The chart for the ear. */
function sentence({ past, emptyAt }: Level, now: number): string {
  const [first, last] = [past[0], past.at(-1)];
  if (!first || !last) return "Quota left in the pool: not measured yet";
  const end = emptyAt === undefined ? "" : `, empty about ${forecastMoment(emptyAt, now)}`;
  return `Quota left in the pool: ${Math.round(first.left)}% on ${weekday(first.at)}, ${Math.round(last.left)}% now${end}`;
}
