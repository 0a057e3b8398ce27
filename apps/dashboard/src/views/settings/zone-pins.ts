import type { AccountView } from "@open-multi-auth/domain";

/** An account on the ruler of thresholds. */
export interface Pin {
  readonly alias: string;
  /** Percent left of its tightest window: what thresholds judge. */
  readonly left: number;
  /** Whether its name stands a line higher, out of the way of the one before. */
  readonly isHigh: boolean;
}

/** Names closer than this, in percent of the ruler, would overlap. */
const NEAR = 13;
/** So many names fit; of more accounts only the marks are shown. */
export const MOST_NAMES = 8;

/** The enabled accounts whose limits are known, by what is left. */
export function zonePins(accounts: readonly Pick<AccountView, "alias" | "enabled" | "limits">[]): Pin[] {
  const known = accounts
    .flatMap(({ alias, enabled, limits }) => {
      const windows = [limits?.fiveHour?.remaining, limits?.weekly?.remaining].filter(
        (left) => left !== undefined,
      );
      return enabled && windows.length > 0 ? [{ alias, left: Math.min(...windows) }] : [];
    })
    .toSorted((a, b) => a.left - b.left);
  let isHigh = false;
  return known.map((pin, index) => {
    const before = known[index - 1];
    isHigh = before !== undefined && pin.left - before.left < NEAR && !isHigh;
    return { ...pin, isHigh };
  });
}
