import { accountId, epochMs, type Account } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { account, ID, START } from "../../test/support.ts";
import { nextRenewal, planRenewals, renewalFailed, type RenewalPlan } from "./plan.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const EMPTY: RenewalPlan = new Map();
const OTHER = accountId("acc-2");

const always = (value: number) => ({ next: () => value });
const NEVER_EARLY = always(0);

/** An account whose token has this much life left at {@link START}. */
const living = (lifeMs: number, more: Partial<Account> = {}): Account => ({
  ...account({ expiresAt: epochMs(START + lifeMs) }),
  ...more,
});

/** When the account's token would be renewed, from {@link START} on. */
function plannedIn(one: Account, { now = START, random = NEVER_EARLY, plan = EMPTY } = {}): number | null {
  const at = planRenewals(plan, [one], now, random).get(one.id)?.at;
  return at === null || at === undefined ? null : at - START;
}

const failedTimes = (times: number, one: Account, isFinal = false): RenewalPlan =>
  Array.from({ length: times }).reduce<RenewalPlan>(
    (plan) => renewalFailed(plan, one.id, isFinal, { now: START, random: NEVER_EARLY }),
    planRenewals(EMPTY, [one], START, NEVER_EARLY),
  );

describe("planRenewals", () => {
  it.each([
    ["an hour", 60 * MINUTE, 48 * MINUTE],
    ["ten days", 10 * DAY, 8 * DAY],
    ["forty days", 40 * DAY, 32 * DAY],
    ["five minutes to the millisecond", 5 * MINUTE, 4 * MINUTE],
  ])("AUT-05: AUT-14: plans a token of %s for 80 %% of its life", (_name, lifeMs, at) => {
    expect(plannedIn(living(lifeMs))).toBe(at);
  });

  it("AUT-14: subtracts a jitter of at most a minute, and at most half of the lead", () => {
    expect(plannedIn(living(10 * DAY), { random: always(1) })).toBe(8 * DAY - MINUTE);
    expect(plannedIn(living(10 * DAY), { random: always(0.5) })).toBe(8 * DAY - MINUTE / 2);
    expect(plannedIn(living(5 * MINUTE), { random: always(1) })).toBe(4 * MINUTE - MINUTE / 2);
  });

  it.each([
    ["ends in less than five minutes", living(5 * MINUTE - 1)],
    ["has ended", living(-1)],
    ["ends at no known instant", living(Number.NaN)],
    ["never ends", living(Number.POSITIVE_INFINITY)],
    ["is to be refreshed before use", { ...living(0), expiresAt: epochMs(0) }],
  ])("AUT-05: leaves a token to the next request that %s", (_name, one) => {
    expect(plannedIn(one)).toBeNull();
  });

  it.each([
    ["ACC-02: a disabled account", { enabled: false }],
    ["an account that needs a new login", { authInvalid: true }],
    ["an account without a refresh token", { refreshToken: "" }],
  ])("has no place for %s", (_name, more) => {
    const planned = planRenewals(EMPTY, [living(DAY)], START, NEVER_EARLY);
    expect(planRenewals(planned, [living(DAY, more)], START, NEVER_EARLY).size).toBe(0);
  });

  it("keeps what is planned while the token stays, and plans anew for another", () => {
    const one = living(10 * DAY);
    const plan = planRenewals(EMPTY, [one], START, NEVER_EARLY);
    const later = epochMs(START + DAY);
    expect(planRenewals(plan, [{ ...one, usageCount: 7 }], later, always(1)).get(ID)).toBe(plan.get(ID));
    for (const renewed of [
      { ...one, accessToken: "at_other" },
      { ...one, refreshToken: "rt_other" },
      { ...one, expiresAt: epochMs(START + 11 * DAY) },
    ])
      expect(planRenewals(plan, [renewed], later, NEVER_EARLY).get(ID)?.at).toBeGreaterThan(START + 8 * DAY);
  });

  it("plans a token that ended too soon only by a clock that was wrong", () => {
    const plan = planRenewals(EMPTY, [living(DAY)], epochMs(START + 2 * DAY), NEVER_EARLY);
    expect(nextRenewal(plan)).toBeUndefined();
    expect(plannedIn(living(DAY), { plan })).toBe(0.8 * DAY);
  });

  it("forgets accounts that are gone", () => {
    const plan = planRenewals(EMPTY, [living(DAY)], START, NEVER_EARLY);
    expect(planRenewals(plan, [], START, NEVER_EARLY).size).toBe(0);
  });
});

describe("renewalFailed", () => {
  it("AUT-05: tries again after a minute, then two, and parks after three failures in a row", () => {
    const one = living(DAY);
    expect([1, 2, 3].map((times) => failedTimes(times, one).get(ID)?.at)).toEqual([
      START + MINUTE,
      START + 2 * MINUTE,
      null,
    ]);
    const jittered = renewalFailed(planRenewals(EMPTY, [one], START, NEVER_EARLY), ID, false, {
      now: START,
      random: always(1),
    });
    expect(jittered.get(ID)?.at).toBe(START + MINUTE + 5_000);
  });

  it("parks at once where trying again is of no use", () => {
    expect(failedTimes(1, living(DAY), true).get(ID)).toMatchObject({ at: null, failures: 3 });
  });

  it("never tries later than half a minute before the end, and not at all after that", () => {
    const one = living(5 * MINUTE);
    const plan = planRenewals(EMPTY, [one], START, NEVER_EARLY);
    const failedAt = (ms: number): number | null | undefined =>
      renewalFailed(plan, ID, false, { now: epochMs(START + ms), random: NEVER_EARLY }).get(ID)?.at;
    expect(failedAt(4 * MINUTE)).toBe(START + 4.5 * MINUTE);
    expect(failedAt(4.5 * MINUTE - 1)).toBe(START + 4.5 * MINUTE);
    expect(failedAt(4.5 * MINUTE)).toBeNull();
  });

  it("AUT-14: a parked token stays parked whatever is planned, until it changes", () => {
    const one = living(DAY);
    const parked = failedTimes(3, one);
    const again = planRenewals(parked, [one], epochMs(START + 1), NEVER_EARLY);
    expect(again.get(ID)).toBe(parked.get(ID));
    const renewed = planRenewals(again, [{ ...one, refreshToken: "rt_new" }], START, NEVER_EARLY);
    expect(renewed.get(ID)).toMatchObject({ failures: 0, at: START + 0.8 * DAY });
  });

  it("AUT-14: a parked token is planned again when the person has disabled and enabled the account", () => {
    const one = living(DAY);
    const disabled = planRenewals(failedTimes(3, one), [{ ...one, enabled: false }], START, NEVER_EARLY);
    expect(plannedIn(one, { plan: disabled })).toBe(0.8 * DAY);
  });

  it("leaves a plan without the account as it is", () => {
    expect(renewalFailed(EMPTY, ID, false, { now: START, random: NEVER_EARLY })).toBe(EMPTY);
  });
});

describe("nextRenewal", () => {
  it("is the earliest that is planned", () => {
    const accounts = [
      living(2 * DAY),
      { ...living(DAY), id: OTHER },
      { ...living(1), id: accountId("acc-3") },
    ];
    const plan = planRenewals(EMPTY, accounts, START, NEVER_EARLY);
    expect(nextRenewal(plan)).toEqual({ id: OTHER, at: START + 0.8 * DAY });
    expect(nextRenewal(renewalFailed(plan, OTHER, true, { now: START, random: NEVER_EARLY }))?.id).toBe(ID);
    expect(nextRenewal(EMPTY)).toBeUndefined();
  });
});

describe("properties", () => {
  const instant = fc.oneof(
    fc.integer({ min: -10 * DAY, max: 60 * DAY }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, 1e17),
  );
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it("AUT-05: AUT-14: a planned renewal lies in the last fifth before the end, less its jitter, and in the future", () => {
    fc.assert(
      fc.property(instant, instant, chance, (expiresAt, now, drawn) => {
        const one = { ...living(0), expiresAt: epochMs(START + expiresAt) };
        const planned = planRenewals(EMPTY, [one], epochMs(START + now), always(drawn)).get(ID)?.at;
        const remaining = expiresAt - now;
        const isPlanned = planned !== null && planned !== undefined;
        expect(isPlanned).toBe(remaining >= 5 * MINUTE && Number.isFinite(remaining));
        if (!isPlanned) return;
        const lead = Math.floor(0.2 * remaining);
        expect(planned).toBeLessThanOrEqual(one.expiresAt - lead);
        expect(planned).toBeGreaterThanOrEqual(one.expiresAt - lead - Math.min(MINUTE, lead / 2) - 1);
        expect(planned).toBeGreaterThan(START + now);
      }),
    );
  });

  /** What can befall a plan, in any order. */
  const step = fc.oneof(
    fc.record({ kind: fc.constant("fails" as const), isFinal: fc.boolean(), drawn: chance }),
    fc.record({ kind: fc.constant("time" as const), ms: fc.integer({ min: -2 * DAY, max: 2 * DAY }) }),
    fc.record({ kind: fc.constant("renewed" as const), lifeMs: fc.integer({ min: 0, max: 40 * DAY }) }),
    fc.record({ kind: fc.constant("enabled" as const), enabled: fc.boolean() }),
  );

  it("AUT-05: one token is tried three times at most while its account is enabled, whatever else happens", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let one = living(10 * DAY);
        let now = START as number;
        let plan = planRenewals(EMPTY, [one], START, NEVER_EARLY);
        let tries = 0;
        for (const each of steps) {
          if (each.kind === "time") now += each.ms;
          if (each.kind === "renewed")
            one = { ...one, refreshToken: `${one.refreshToken}+`, expiresAt: epochMs(now + each.lifeMs) };
          if (each.kind === "enabled") one = { ...one, enabled: each.enabled };
          if (each.kind === "renewed" || !one.enabled) tries = 0;
          const due = nextRenewal(plan);
          if (each.kind === "fails" && due !== undefined) {
            tries += 1;
            const context = { now: epochMs(now), random: always(each.drawn) };
            plan = renewalFailed(plan, due.id, each.isFinal, context);
          }
          plan = planRenewals(plan, [one], epochMs(now), NEVER_EARLY);
          expect(tries).toBeLessThanOrEqual(3);
          expect(plan.has(ID)).toBe(one.enabled);
        }
      }),
    );
  });
});
