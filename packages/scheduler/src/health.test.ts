import { SETTINGS_DEFAULTS, type Account } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { account, at, constant, MINUTE, NOW, settings } from "../test/builders.ts";
import { applyAccountEvent } from "./account-event.ts";
import { eligibility } from "./eligibility.ts";
import { healthState } from "./health.ts";

const A = account("a");
const fails = (before: Account, ms: number, options: { retryAfterMs?: number; draw?: number } = {}) => {
  const { draw = 0, ...rest } = options;
  const context = { settings: settings(), now: at(ms), random: constant(draw) };
  return applyAccountEvent(before, { kind: "transient", ...rest }, context);
};
const serves = (before: Account, ms: number, startedAt = ms) =>
  applyAccountEvent(
    before,
    { kind: "served", startedAt: at(startedAt) },
    { settings: settings(), now: at(ms), random: constant(0) },
  );
const state = (of: Account, ms: number) => healthState(of, at(ms));
const HOUR = 60 * MINUTE;
/** Fails once an hour, each time after its rest. */
const failing = (times: number) => {
  let now = A;
  for (let turn = 0; turn < times; turn++) now = fails(now, turn * HOUR);
  return now;
};

const restOf = (failed: Account, ms: number) =>
  (failed.health.rest?.until ?? failed.rateLimitedUntil ?? 0) - at(ms);
const asked = (failed: Account, ms: number) => (failed.rateLimitedUntil ?? 0) - at(ms);

describe("health", () => {
  it("SET-10: goes down after three failures in a row, through degraded", () => {
    expect(failing(1).health).toMatchObject({ state: "degraded", failures: 1, successes: 0, since: NOW });
    expect(failing(2).health).toMatchObject({ state: "degraded", failures: 2, since: NOW });
    expect(failing(3).health).toMatchObject({
      state: "down",
      failures: 3,
      successes: 0,
      since: at(2 * HOUR),
    });
  });

  it("SET-10: a success in between begins the row anew", () => {
    const mixed = fails(serves(failing(2), 5 * HOUR), 6 * HOUR);
    expect(mixed.health).toMatchObject({ state: "degraded", failures: 1 });
  });

  it("SET-10: rests while down, is then tried, and is healthy after two successes", () => {
    const down = failing(3);
    const over = 2 * HOUR + 15 * MINUTE;
    expect(eligibility(down, { settings: settings(), now: at(2 * HOUR) }).reasons).toContain("health-down");
    expect(eligibility(down, { settings: settings(), now: at(over) }).eligible).toBe(true);
    expect(state(down, 2 * HOUR)).toBe("down");
    expect(state(down, over)).toBe("half-open");
    const once = serves(down, over);
    expect(once.health).toMatchObject({ state: "half-open", successes: 1 });
    expect(serves(once, over + 1).health).toMatchObject({ state: "healthy", failures: 0, successes: 0 });
  });

  it("SET-10: a failed trial takes it down at once, with its row of failures kept", () => {
    const onceTried = serves(failing(3), 5 * HOUR);
    const failed = fails(onceTried, 6 * HOUR);
    expect(failed.health).toMatchObject({ state: "down", failures: 4, successes: 0, since: at(6 * HOUR) });
    expect(eligibility(failed, { settings: settings(), now: at(6 * HOUR) }).eligible).toBe(false);
  });

  it("SET-10: a failed trial takes it down also where the settings have become more patient since", () => {
    const patient = settings({ health: { ...SETTINGS_DEFAULTS.health, downAfter: 10 } });
    const context = { settings: patient, now: at(5 * HOUR), random: constant(0) };
    expect(applyAccountEvent(failing(3), { kind: "transient" }, context).health.state).toBe("down");
  });

  it("SET-10: an answer that began before it went down does not lift it", () => {
    const down = failing(3);
    const late = serves(down, 3 * HOUR, HOUR);
    expect(late.health).toEqual(down.health);
  });

  it("SET-10: tells an answer begun before a failure also where upstream set the rest after it", () => {
    const waits = { retryAfterMs: MINUTE };
    const down = [0, 1, 2].reduce((one, hour) => fails(one, hour * HOUR, waits), A);
    expect(down.health).toMatchObject({ state: "down" });
    expect(down.health.rest).toBeUndefined();
    expect(serves(down, 3 * HOUR, HOUR).health).toEqual(down.health);
    expect(serves(down, 3 * HOUR, 2 * HOUR).health).toMatchObject({ state: "half-open" });
    const degraded = fails(A, HOUR, waits);
    expect(serves(degraded, 3 * HOUR, 0).health).toMatchObject({ state: "healthy" });
  });

  it("SET-10: is not tried while upstream asked to be left alone, nor before its own rest ends", () => {
    const down = failing(3);
    const told = { ...down, rateLimitedUntil: at(9 * HOUR) };
    expect([state(told, 9 * HOUR - 1), state(told, 9 * HOUR)]).toEqual(["down", "half-open"]);
    const restEnds = (down.health.rest?.until ?? 0) - NOW;
    expect([state(down, restEnds - 1), state(down, restEnds)]).toEqual(["down", "half-open"]);
    expect(state(failing(2), 9 * HOUR)).toBe("degraded");
  });

  it("SET-10: is half-open since the first of its successes", () => {
    const patient = settings({ health: { ...SETTINGS_DEFAULTS.health, upAfter: 3 } });
    const context = (ms: number) => ({ settings: patient, now: at(ms), random: constant(0) });
    const tried = [5 * HOUR, 6 * HOUR].reduce(
      (one, ms) => applyAccountEvent(one, { kind: "served", startedAt: at(ms) }, context(ms)),
      failing(3),
    );
    expect(tried.health).toMatchObject({ state: "half-open", successes: 2, since: at(5 * HOUR) });
    const up = applyAccountEvent(tried, { kind: "served", startedAt: at(7 * HOUR) }, context(7 * HOUR));
    expect(up.health).toEqual({ state: "healthy", failures: 0, successes: 0, since: at(7 * HOUR) });
  });

  it("SET-10: failures of requests that were under way together count as one", () => {
    const together = fails(fails(fails(fails(A, 0), 1), 2), 3);
    expect(together.health).toMatchObject({ state: "degraded", failures: 1 });
    expect(together.health.rest).toEqual(fails(A, 0).health.rest);
  });

  it("SET-10: an answer begun before a failure leaves the rest after it; one begun in the rest ends it", () => {
    const failed = fails(A, 10);
    expect(serves(failed, 20, 5).health).toEqual(failed.health);
    expect(serves(failed, 20, 15).health).toEqual({
      state: "healthy",
      failures: 0,
      successes: 0,
      since: at(20),
    });
  });
});

describe("rest after a transient failure", () => {
  it("CON-10: is what Retry-After says, to the millisecond", () => {
    expect(asked(fails(A, 0, { retryAfterMs: 2_000 }), 0)).toBe(2_000);
    expect(asked(fails(failing(5), 9 * HOUR, { retryAfterMs: 2_000 }), 9 * HOUR)).toBe(2_000);
    expect(asked(fails(A, 0, { retryAfterMs: HOUR }), 0)).toBe(HOUR);
  });

  it("CON-10: a longer Retry-After extends the rest, up to a day", () => {
    const first = fails(A, 0, { retryAfterMs: 2_000 });
    expect(asked(fails(first, 500, { retryAfterMs: 9_000 }), 500)).toBe(9_000);
    expect(asked(fails(A, 0, { retryAfterMs: 1e15 }), 0)).toBe(24 * HOUR);
  });

  it("CON-10: is brief before the account is down, and leaves what upstream asked for alone", () => {
    expect(restOf(fails(A, 0, { draw: 0 }), 0)).toBe(1_000);
    expect(restOf(fails(A, 0, { draw: 1 }), 0)).toBe(2_000);
    expect(restOf(fails(failing(1), HOUR, { draw: 1 }), HOUR)).toBe(4_000);
    expect(fails(A, 0)).not.toHaveProperty("rateLimitedUntil");
  });

  it("CON-10: doubles its ceiling with each failure in a row once it is down", () => {
    const ceilings = [3, 4, 5].map((failures) => {
      const before = failing(failures - 1);
      return restOf(fails(before, failures * HOUR, { draw: 1 }), failures * HOUR) / MINUTE;
    });
    expect(ceilings).toEqual([8, 15, 15]);
    expect(restOf(fails(failing(4), 9 * HOUR, { draw: 0.5 }), 9 * HOUR)).toBe(8 * MINUTE);
  });

  it("CON-10: stays within its bounds after any row of failures", () => {
    const { restMinMs, restMaxMs } = SETTINGS_DEFAULTS.health;
    fc.assert(
      fc.property(fc.nat({ max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, draw) => {
        const before = account("a", { health: { ...A.health, state: "down", failures } });
        const rest = restOf(fails(before, 0, { draw }), 0);
        expect(rest).toBeGreaterThanOrEqual(restMinMs);
        expect(rest).toBeLessThanOrEqual(restMaxMs);
        const patient = settings({ health: { ...SETTINGS_DEFAULTS.health, downAfter: failures + 2 } });
        const degraded = account("a", { health: { ...A.health, state: "degraded", failures } });
        const context = { settings: patient, now: NOW, random: constant(draw) };
        const brief = restOf(applyAccountEvent(degraded, { kind: "transient" }, context), 0);
        expect(brief).toBeGreaterThanOrEqual(1_000);
        expect(brief).toBeLessThanOrEqual(restMinMs / 4);
      }),
    );
  });
});
