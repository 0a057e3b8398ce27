import type { DurationMs } from "./time.ts";

const UNITS: readonly (readonly [unit: string, ms: DurationMs])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/** A length of time in its two largest units, as people say it: `3 h 5 min`. */
export function spokenLength(ms: DurationMs): string {
  let rest = Math.max(0, Math.round(ms / 1_000)) * 1_000;
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
    // What follows the first unit by more than one step is noise: 3 d, not 3 d 5 min.
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(" ") || "0 s";
}
