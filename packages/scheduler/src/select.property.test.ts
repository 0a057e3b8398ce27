import type { Account, Strategy } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { account, at, NOW, observed, pool, seeded, settings } from "../test/builders.ts";
import { eligibility } from "./eligibility.ts";
import { select } from "./select.ts";
import type { SelectionState } from "./state.ts";

const around = fc.integer({ min: -3, max: 3 }).map(at);
const condition: fc.Arbitrary<Partial<Account>> = fc.oneof(
  fc.constant({}),
  fc.constant({ enabled: false }),
  fc.constant({ authInvalid: true }),
  around.map((rateLimitedUntil) => ({ rateLimitedUntil })),
  around.map((until) => ({ health: { ...account("a").health, rest: { from: at(-9), until } } })),
  around.map((workspaceDeactivatedUntil) => ({ workspaceDeactivatedUntil })),
  around.map((until) => ({ modelUnsupported: { m: { until, error: "no" } } })),
  fc.integer({ min: 0, max: 100 }).map(observed),
  fc.nat(5).map((usageCount) => ({ usageCount })),
);
const accounts = fc
  .array(condition, { maxLength: 10 })
  .map((list) => list.map((change, index) => account(String.fromCodePoint(97 + index), change)));
const strategy = fc.constantFrom<Strategy>(
  "round-robin",
  "least-used",
  "random",
  "weighted-round-robin",
  "headroom",
);
const scene = fc.record({
  accounts,
  strategy,
  sessionAffinity: fc.constantFrom<"on" | "off">("on", "off"),
  reserve: fc.nat(60),
  cursor: fc.nat(50),
  forced: fc.option(fc.record({ index: fc.nat(9), until: around })),
  bound: fc.option(fc.nat(9)),
  model: fc.constantFrom("m", "n"),
  seed: fc.integer(),
});
type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never;

function play(drawn: Scene) {
  const chosen = settings({
    rotationStrategy: drawn.strategy,
    sessionAffinity: drawn.sessionAffinity,
    reservePercent: { a: drawn.reserve, c: drawn.reserve },
    accountWeights: { b: 0.5, d: 0.01 },
  });
  const target = drawn.forced && drawn.accounts[drawn.forced.index];
  const forced = target && drawn.forced ? { alias: target.alias, until: drawn.forced.until } : null;
  const bound = drawn.bound === null ? undefined : drawn.accounts[drawn.bound]?.id;
  const state: SelectionState = pool(drawn.accounts, {
    settings: chosen,
    forced,
    rotation: { cursor: drawn.cursor, starts: 0, current: {} },
  });
  const request = { model: drawn.model, ...(bound && { bound }) };
  const context = { model: drawn.model, settings: chosen, now: NOW };
  const fit = drawn.accounts.filter((one) => eligibility(one, context).eligible);
  const spare = drawn.accounts.filter((one) => eligibility(one, context).spare);
  const eligible = fit.length > 0 ? fit : spare;
  const selection = select(state, request, NOW, seeded(drawn.seed));
  const use = selection.kind === "use" ? selection : undefined;
  return { state, request, fit, eligible, selection, use, bound };
}

const check = (holds: (played: ReturnType<typeof play>, drawn: Scene) => void) =>
  fc.assert(
    fc.property(scene, (drawn) => holds(play(drawn), drawn)),
    { numRuns: 500 },
  );

describe("select, whatever the pool", () => {
  it("ACC-02: never uses an account that is not eligible, save one that only rests, and uses one where there is one", () =>
    check(({ use, eligible }) => {
      expect(use === undefined).toBe(eligible.length === 0);
      expect([undefined, ...eligible]).toContain(use?.account);
    }));

  it("orders exactly the accounts that may be used, the one in use first", () =>
    check(({ use, eligible }) => {
      const order = use?.order ?? [];
      expect(order[0]).toBe(use?.account);
      expect(order).toHaveLength(eligible.length);
      expect(new Set(order)).toEqual(new Set(eligible));
    }));

  it("explains every account, in the order of linking", () =>
    check(({ selection: { candidates }, state, fit }) => {
      expect(candidates.map(({ accountId }) => accountId)).toEqual(state.accounts.map(({ id }) => id));
      const explained = candidates.filter((one) => one.eligible);
      expect(explained.map(({ accountId }) => accountId)).toEqual(fit.map(({ id }) => id));
      for (const { eligible: is, reasons } of candidates) expect(reasons.length === 0).toBe(is);
    }));

  it("FRC-02: uses the forced account if and only if it is eligible and the force is not over", () =>
    check(({ use, state: { forced }, fit }) => {
      const inForce = forced !== null && NOW < forced.until;
      const target = inForce ? fit.find(({ alias }) => alias === forced.alias) : undefined;
      expect(use?.why === "forced" ? use.account : undefined).toBe(target);
    }));

  it("CON-13: keeps a bound conversation unless force, ineligibility or the setting says otherwise", () =>
    check(({ use, state, bound, fit }) => {
      const on = state.settings.sessionAffinity === "on" && use?.why !== "forced";
      const home = on ? fit.find(({ id }) => id === bound) : undefined;
      expect(use?.why === "affinity" ? use.account : undefined).toBe(home);
    }));

  it("gives the same again for the same state, request, instant and seed", () =>
    check(({ selection }, drawn) => {
      expect(play(structuredClone(drawn)).selection).toEqual(selection);
    }));

  it("turns the rotation only where a strategy placed, and holds no more than the accounts", () =>
    check(({ use, state }) => {
      const rotation = use?.rotation ?? state.rotation;
      const placed = use?.why === "strategy" || use?.why === "last-resort";
      expect(placed || rotation === state.rotation).toBe(true);
      expect(Object.keys(rotation.current).length).toBeLessThanOrEqual(state.accounts.length);
    }));
});
