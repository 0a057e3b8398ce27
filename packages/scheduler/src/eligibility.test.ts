import type { Account, Settings } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, MINUTE, NOW, observed, settings, window } from "../test/builders.ts";
import { eligibility, type EligibilityContext } from "./eligibility.ts";

const judge = (change: Partial<Account>, choice: Partial<Settings> = {}, model?: string) =>
  eligibility(account("a", change), { model, settings: settings(choice), now: NOW });

const resting = (ms: number, state: "degraded" | "down" = "degraded"): Pick<Account, "health"> => ({
  health: { state, failures: 3, successes: 0, since: NOW, rest: { from: NOW, until: at(ms) } },
});

const limited = (ms: number, more: Partial<Account> = {}) => ({
  rateLimitedUntil: at(60 * MINUTE),
  rateLimitedAt: at(ms),
  quotaRefusedAt: at(ms),
  ...more,
});

const probed = (ms: number, fiveHour: number, weekly: number): Partial<Account> => ({
  rateLimitedUntil: at(60 * MINUTE),
  rateLimitedAt: at(-6 * MINUTE),
  quotaRefusedAt: at(-6 * MINUTE),
  rateLimits: {
    at: at(ms),
    source: { kind: "usage-endpoint" },
    fiveHour: window(fiveHour),
    weekly: window(weekly),
  },
});

const busy = (requests: number, change: Partial<Account>, context: Partial<EligibilityContext> = {}) =>
  eligibility(account("a", change), {
    settings: settings(),
    inFlight: new Map([[account("a").id, requests]]),
    now: NOW,
    ...context,
  });

describe("eligibility", () => {
  it("is given to a fresh account, also where nothing of its limits is known", () => {
    expect(judge({}, { reservePercent: { a: 50 } })).toEqual({ eligible: true, reasons: [] });
  });

  it("ACC-02: is refused to a disabled account, whatever else holds, until a person acts", () => {
    expect(judge({ enabled: false })).toEqual({ eligible: false, reasons: ["disabled"] });
    expect(judge({ enabled: false, rateLimitedUntil: at(1) })).toEqual({
      eligible: false,
      reasons: ["disabled", "cooling-down"],
    });
  });

  it("is refused to an account whose credential is dead, until a person acts", () => {
    expect(judge({ authInvalid: true })).toEqual({ eligible: false, reasons: ["auth-invalid"] });
    expect(judge({ authInvalid: false }).eligible).toBe(true);
  });

  it("ends a cooldown at its very instant", () => {
    expect(judge({ rateLimitedUntil: at(1) })).toEqual({
      eligible: false,
      reasons: ["cooling-down"],
      until: at(1),
    });
    expect(judge({ rateLimitedUntil: at(0) }).eligible).toBe(true);
  });

  it("names health where a rest is one of an account that is down, and lets it be tried after", () => {
    expect(judge(resting(5, "down"))).toEqual({
      eligible: false,
      reasons: ["health-down"],
      until: at(5),
      spare: true,
    });
    expect(judge(resting(0, "down")).eligible).toBe(true);
  });

  it("tells an account that only rests after failures from one that upstream sent away", () => {
    expect(judge(resting(5))).toEqual({
      eligible: false,
      reasons: ["cooling-down"],
      until: at(5),
      spare: true,
    });
    for (const change of [
      { rateLimitedUntil: at(1) },
      { workspaceDeactivatedUntil: at(1) },
      { enabled: false },
      { authInvalid: true },
    ])
      expect(judge({ ...resting(5), ...change })).not.toHaveProperty("spare");
    expect(judge({ ...resting(5), rateLimitedUntil: at(9) })).toEqual({
      eligible: false,
      reasons: ["cooling-down"],
      until: at(9),
    });
  });

  it("tells when the last of several reasons ends", () => {
    expect(judge({ rateLimitedUntil: at(5), workspaceDeactivatedUntil: at(9) })).toEqual({
      eligible: false,
      reasons: ["cooling-down", "workspace-resting"],
      until: at(9),
    });
  });

  it("rests a model only for requests for that model", () => {
    const modelUnsupported = { "gpt-x": { until: at(7), error: "not supported" } };
    expect(judge({ modelUnsupported }, {}, "gpt-x")).toEqual({
      eligible: false,
      reasons: ["model-resting"],
      until: at(7),
    });
    expect(judge({ modelUnsupported }, {}, "gpt-y").eligible).toBe(true);
    expect(judge({ modelUnsupported }).eligible).toBe(true);
    expect(judge({ modelUnsupported }, {}, "constructor").eligible).toBe(true);
  });

  it("keeps the reserve for the account's owner until the window's reset", () => {
    const reservePercent = { a: 20 };
    const refused = { eligible: false, reasons: ["reserve-reached"], until: at(60 * MINUTE) };
    expect(judge(observed(20), { reservePercent })).toEqual(refused);
    expect(judge(observed(21), { reservePercent }).eligible).toBe(true);
    expect(judge(observed(20), { reservePercent: { b: 20 } }).eligible).toBe(true);
  });

  it("waits for every window that is at the reserve", () => {
    const weekly = window(5, { resetAt: at(90 * MINUTE), windowMinutes: 10_080 });
    const limits = { at: NOW, fiveHour: window(10), weekly };
    expect(judge({ observed: limits }, { reservePercent: { a: 20 } }).until).toBe(at(90 * MINUTE));
  });

  it("asks an account that met its limit again every five minutes, should the limit have been reset early", () => {
    const blocked = { eligible: false, reasons: ["cooling-down"], until: at(60 * MINUTE) };
    expect(judge(limited(-5 * MINUTE + 1))).toEqual(blocked);
    expect(judge(limited(-5 * MINUTE))).toEqual({ ...blocked, trial: true });
    for (const change of [
      limited(-5 * MINUTE, { rateLimitedAt: at(-1) }),
      limited(-5 * MINUTE, { enabled: false }),
      limited(-5 * MINUTE, { workspaceDeactivatedUntil: at(1) }),
      { ...limited(-5 * MINUTE), ...resting(1) },
      { rateLimitedUntil: at(60 * MINUTE), rateLimitedAt: at(-9 * MINUTE) },
    ])
      expect(judge(change)).not.toHaveProperty("trial");
    const inFlight = new Map([[account("a").id, 1]]);
    const context = { settings: settings(), inFlight, now: NOW };
    expect(eligibility(account("a", limited(-5 * MINUTE)), context)).toEqual(blocked);
  });

  it("CON-03: believes a probe that found quota left only five minutes after upstream refused it for the lack of any", () => {
    expect(judge(probed(-MINUTE, 100, 40)).eligible).toBe(true);
    expect(judge(probed(-MINUTE - 1, 100, 40)).eligible).toBe(false);
    expect(judge(probed(-7 * MINUTE, 100, 40)).eligible).toBe(false);
    expect(judge(probed(-1, 0, 40)).eligible).toBe(false);
    expect(judge(probed(-1, 100, 0)).eligible).toBe(false);
    expect(judge({ ...probed(-1, 100, 40), rateLimitedAt: at(-1) }).eligible).toBe(false);
    const { quotaRefusedAt: _never, ...asked } = probed(-1, 100, 40);
    expect(judge(asked).eligible).toBe(false);
  });

  it("has as many requests under way as upstream took at a time, and one while it is on trial", () => {
    const concurrency = { cap: 2.98, refusedAt: NOW };
    expect(busy(1, { concurrency }).eligible).toBe(true);
    expect(busy(2, { concurrency })).toEqual({ eligible: false, reasons: ["at-capacity"], spare: true });
    expect(busy(99, {}).eligible).toBe(true);
    expect(busy(0, resting(0, "down")).eligible).toBe(true);
    expect(busy(1, resting(0, "down")).reasons).toEqual(["at-capacity"]);
    expect(busy(1, resting(5, "down")).reasons).toEqual(["health-down"]);
    expect(busy(2, { concurrency, enabled: false })).toEqual({
      eligible: false,
      reasons: ["disabled", "at-capacity"],
    });
  });

  it("CON-13: lets a conversation that lives there in however busy the account is, but not on trial or while it rests", () => {
    const full = { concurrency: { cap: 1, refusedAt: NOW } };
    const home = account("a").id;
    const off = settings({ sessionAffinity: "off" });
    expect(busy(9, full, { home })).toEqual({ eligible: true, reasons: [] });
    expect(busy(9, full, { home: account("b").id }).reasons).toEqual(["at-capacity"]);
    expect(busy(9, full, { home, settings: off }).reasons).toEqual(["at-capacity"]);
    expect(busy(1, { ...full, ...resting(0, "down") }, { home }).reasons).toEqual(["at-capacity"]);
    expect(busy(9, { ...full, ...resting(5) }, { home }).reasons).toEqual(["cooling-down"]);
    expect(busy(9, { ...full, ...limited(1) }, { home }).reasons).toEqual(["cooling-down"]);
  });

  it("leaves it to upstream to say that a quota is used up where no reserve is set", () => {
    expect(judge(observed(0)).eligible).toBe(true);
  });

  it("STO-15: is not confused by aliases that every object has", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const odd = account(name, observed(1));
      expect(eligibility(odd, { settings: settings(), now: NOW }).eligible).toBe(true);
      const reservePercent = JSON.parse(`{"${name}": 50}`) as Record<string, number>;
      expect(eligibility(odd, { settings: settings({ reservePercent }), now: NOW }).eligible).toBe(false);
    }
  });
});
