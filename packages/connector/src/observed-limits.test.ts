import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { observedLimits } from "./observed-limits.ts";

const NOW = epochMs(1_800_000_000_000);

describe("observedLimits", () => {
  it("CON-14: tells windows by their length, never by their slot", () => {
    const swapped = {
      "x-codex-primary-used-percent": "5",
      "x-codex-primary-window-minutes": "10080",
      "x-codex-primary-reset-at": "1800086400",
      "x-codex-secondary-used-percent": "40",
      "x-codex-secondary-window-minutes": "300",
      "x-codex-secondary-reset-at": "1800003600",
    };
    expect(observe(swapped)).toEqual({
      at: NOW,
      fiveHour: { remaining: 60, resetAt: 1_800_003_600_000, windowMinutes: 300, updatedAt: NOW },
      weekly: { remaining: 95, resetAt: 1_800_086_400_000, windowMinutes: 10_080, updatedAt: NOW },
    });
  });

  it("keeps to what is there: one window, no reset, percentages out of range", () => {
    const one = { "x-codex-secondary-used-percent": "104.5", "x-codex-secondary-window-minutes": "300" };
    expect(observe(one)).toEqual({
      at: NOW,
      fiveHour: { remaining: 0, resetAt: null, windowMinutes: 300, updatedAt: NOW },
    });
  });

  it.each([
    {},
    { "x-codex-primary-used-percent": "50" },
    { "x-codex-primary-used-percent": "much", "x-codex-primary-window-minutes": "300" },
    { "x-codex-primary-used-percent": "50", "x-codex-primary-window-minutes": "0" },
    { "x-codex-primary-used-percent": "50", "x-codex-primary-window-minutes": "1440" },
  ])("learns nothing from %j", (headers) => {
    expect(observe(headers)).toBeUndefined();
  });
});

function observe(headers: Record<string, string>) {
  return observedLimits((name) => headers[name] ?? null, NOW);
}
