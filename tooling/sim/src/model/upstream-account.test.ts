import { describe, expect, it } from "vitest";
import { DAY, HOUR, WEEK } from "./time.ts";
import { charge, openAccount, quotaRefusal, read, resetEarly, startWindow } from "./upstream-account.ts";

const PLUS = { name: "plus", fiveHour: 1_000, weekly: 6_000 };
const NOW = 100 * WEEK;
const fresh = () => openAccount(PLUS, NOW + DAY);
const at = (now: number, model = "first") => ({ model, now });

describe("an upstream account", () => {
  it("begins its five hours with the first request, and again with the first after they ended", () => {
    const account = fresh();
    startWindow(account, at(NOW));
    charge(account, 1_000, at(NOW + HOUR));
    expect(quotaRefusal(account, at(NOW + 5 * HOUR - 1))).toEqual({
      kind: "quota",
      resetsAt: NOW + 5 * HOUR,
    });
    expect(quotaRefusal(account, at(NOW + 5 * HOUR))).toBeUndefined();
    startWindow(account, at(NOW + 9 * HOUR));
    expect(account.fiveHourEndsAt).toBe(NOW + 14 * HOUR);
  });

  it("refuses until the later of its used-up windows ends", () => {
    const account = fresh();
    charge(account, 6_000, at(NOW));
    expect(quotaRefusal(account, at(NOW))).toEqual({ kind: "quota", resetsAt: NOW + DAY });
    expect(quotaRefusal(account, at(NOW + DAY))).toBeUndefined();
    expect(account.weekEndsAt).toBe(NOW + DAY + WEEK);
  });

  it("tells whole percents, and 100 only when all is used", () => {
    const account = fresh();
    charge(account, 999, at(NOW));
    expect(read(account, NOW)).toEqual({
      fiveHour: { usedPercent: 99, resetsAt: NOW + 5 * HOUR },
      weekly: { usedPercent: 16, resetsAt: NOW + DAY },
    });
  });

  it("begins a new cycle when it is reset early", () => {
    const account = fresh();
    charge(account, 6_000, at(NOW));
    resetEarly(account, NOW + HOUR);
    expect(quotaRefusal(account, at(NOW + HOUR))).toBeUndefined();
    expect(account.weekEndsAt).toBe(NOW + HOUR + WEEK);
  });

  it("counts the second model apart, where that has a limit of its own", () => {
    const account = openAccount(PLUS, NOW + DAY, 500);
    charge(account, 500, at(NOW, "second"));
    expect(quotaRefusal(account, at(NOW, "second"))).toEqual({ kind: "quota", resetsAt: NOW + DAY });
    expect(quotaRefusal(account, at(NOW + DAY, "second"))).toBeUndefined();
    expect(read(account, NOW)).toMatchObject({ fiveHour: { usedPercent: 0 }, weekly: { usedPercent: 0 } });
    charge(account, 6_000, at(NOW));
    expect(quotaRefusal(account, at(NOW))).toMatchObject({ kind: "quota" });
  });
});
