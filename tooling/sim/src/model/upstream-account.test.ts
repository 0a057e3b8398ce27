import { describe, expect, it } from "vitest";
import { DAY, HOUR, WEEK } from "./time.ts";
import { charge, openAccount, quotaRefusal, read, resetEarly, startWindow } from "./upstream-account.ts";

const PLUS = { name: "plus", fiveHour: 1_000, weekly: 6_000 };
const NOW = 100 * WEEK;
const fresh = () => openAccount(PLUS, NOW + DAY);

describe("an upstream account", () => {
  it("begins its five hours with the first request, and again with the first after they ended", () => {
    const account = fresh();
    startWindow(account, NOW);
    charge(account, 1_000, NOW + HOUR);
    expect(quotaRefusal(account, NOW + 5 * HOUR - 1)).toEqual({ kind: "quota", resetsAt: NOW + 5 * HOUR });
    expect(quotaRefusal(account, NOW + 5 * HOUR)).toBeUndefined();
    startWindow(account, NOW + 9 * HOUR);
    expect(account.fiveHourEndsAt).toBe(NOW + 14 * HOUR);
  });

  it("refuses until the later of its used-up windows ends", () => {
    const account = fresh();
    charge(account, 6_000, NOW);
    expect(quotaRefusal(account, NOW)).toEqual({ kind: "quota", resetsAt: NOW + DAY });
    expect(quotaRefusal(account, NOW + DAY)).toBeUndefined();
    expect(account.weekEndsAt).toBe(NOW + DAY + WEEK);
  });

  it("tells whole percents, and 100 only when all is used", () => {
    const account = fresh();
    charge(account, 999, NOW);
    expect(read(account, NOW)).toEqual({
      fiveHour: { usedPercent: 99, resetsAt: NOW + 5 * HOUR },
      weekly: { usedPercent: 16, resetsAt: NOW + DAY },
    });
  });

  it("begins a new cycle when it is reset early", () => {
    const account = fresh();
    charge(account, 6_000, NOW);
    resetEarly(account, NOW + HOUR);
    expect(quotaRefusal(account, NOW + HOUR)).toBeUndefined();
    expect(account.weekEndsAt).toBe(NOW + HOUR + WEEK);
  });
});
