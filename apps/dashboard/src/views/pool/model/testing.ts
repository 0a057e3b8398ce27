import type { AccountView } from "@open-multi-auth/domain";

type Seen = readonly [left: number, resetInMs: number, burnPerHour: number];

const MINUTE_MS = 60_000;

/** An account whose limits were read a minute before `now`. */
export function seen(
  alias: string,
  now: number,
  windows: { readonly fiveHour?: Seen; readonly weekly?: Seen },
): AccountView {
  const at = new Date(now - MINUTE_MS).toISOString();
  const windowOf = (one: Seen | undefined, windowMinutes: number) =>
    one === undefined
      ? null
      : {
          remaining: one[0],
          used: 100 - one[0],
          resetAt: new Date(now + one[1]).toISOString(),
          windowMinutes,
        };
  const paceOf = (one: Seen | undefined) =>
    one && { burnPerHour: one[2], deficit: 0, stage: "on-track" as const, runsOutAt: null, waste: 0 };
  const [fiveHour, weekly] = [paceOf(windows.fiveHour), paceOf(windows.weekly)];
  return {
    id: alias,
    alias,
    enabled: true,
    active: false,
    forced: false,
    eligibility: { eligible: true, reasons: [] },
    health: { state: "healthy" },
    limits: {
      fiveHour: windowOf(windows.fiveHour, 300),
      weekly: windowOf(windows.weekly, 10_080),
      at,
      source: { kind: "usage-endpoint" },
    },
    limitsConfidence: "fresh",
    lastLimitProbeAt: at,
    limitStatus: "success",
    pace: { ...(fiveHour && { fiveHour }), ...(weekly && { weekly }) },
    weight: 1,
    reservePercent: 0,
    usageCount: 0,
    tags: [],
    auth: { state: "valid" },
  };
}
