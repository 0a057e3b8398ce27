import { spokenLength, type DurationMs, type EpochMs } from "@open-multi-auth/domain";

export { spokenLength };

/** A length of time that is only a forecast: its seconds would be made up. */
export const forecastText = (ms: DurationMs): string =>
  spokenLength(Math.max(60_000, Math.round(ms / 60_000) * 60_000));

/** An ISO instant as people ask for it: how long until then, or since. */
export function spokenInstant(iso: string, now: EpochMs): string {
  const ms = Date.parse(iso) - now;
  return ms > 0 ? `in ${spokenLength(ms)}` : `${spokenLength(-ms)} ago`;
}
