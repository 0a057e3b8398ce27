import type { Account } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, constant, MINUTE, NOW, observed, pool, settings } from "../test/builders.ts";
import { select } from "./select.ts";
import type { SelectionRequest, SelectionState } from "./state.ts";

const A = account("a");
const B = account("b");
const C = account("c");
const resting = (name: string, ms: number): Account => account(name, { rateLimitedUntil: at(ms) });
const failed = (name: string, ms: number, change: Partial<Account> = {}): Account =>
  account(name, {
    health: { state: "down", failures: 3, successes: 0, since: NOW, rest: { from: NOW, until: at(ms) } },
    ...change,
  });
const busy = (name: string, usageCount: number) => account(name, { usageCount });
const choose = (state: SelectionState, request: SelectionRequest = {}) =>
  select(state, request, NOW, constant(0));
const used = (state: SelectionState, request?: SelectionRequest) => {
  const selection = choose(state, request);
  if (selection.kind === "none") throw new Error("nothing was eligible");
  const { account: chosen, why, order, rotation } = selection;
  return { alias: chosen.alias, why, order: order.map(({ alias }) => alias), rotation };
};
const limited = (name: string, minutes: number) => {
  const refusedAt = at(-minutes * MINUTE);
  return account(name, {
    rateLimitedUntil: at(60 * MINUTE),
    rateLimitedAt: refusedAt,
    quotaRefusedAt: refusedAt,
  });
};
const forced = (target: Account, ms = 1) => ({ alias: target.alias, until: at(ms) });

describe("select with nothing eligible", () => {
  it("CON-09: says why for every account, and when the first is eligible again", () => {
    const off = account("a", { enabled: false });
    const dead = account("d", { authInvalid: true });
    const selection = choose(pool([off, resting("b", 900), resting("c", 300), dead]));
    expect(selection).toEqual({
      kind: "none",
      candidates: [
        { accountId: off.id, alias: "a", eligible: false, reasons: ["disabled"] },
        { accountId: B.id, alias: "b", eligible: false, reasons: ["cooling-down"], until: at(900) },
        { accountId: C.id, alias: "c", eligible: false, reasons: ["cooling-down"], until: at(300) },
        { accountId: dead.id, alias: "d", eligible: false, reasons: ["auth-invalid"] },
      ],
      nextAt: at(300),
    });
  });

  it("knows no next instant where only persons can help, or no account is linked", () => {
    expect(choose(pool([account("a", { enabled: false })]))).toMatchObject({ kind: "none", nextAt: null });
    expect(choose(pool([]))).toEqual({ kind: "none", candidates: [], nextAt: null });
  });
});

describe("select where all are at rest", () => {
  it("CON-10: uses those that only rest after failures as a last resort, the first to be over first", () => {
    const state = pool([failed("a", 900), failed("b", 300), resting("c", 1)]);
    const selection = used(state, { bound: A.id });
    expect(selection).toMatchObject({ alias: "b", why: "last-resort", order: ["b", "a"] });
    expect(selection.rotation).toBe(state.rotation);
  });

  it("leaves alone what upstream sent away, what a person switched off, and all of them while another is eligible", () => {
    expect(choose(pool([failed("a", 900, { rateLimitedUntil: at(5) })])).kind).toBe("none");
    expect(choose(pool([failed("a", 900, { enabled: false })])).kind).toBe("none");
    expect(used(pool([failed("a", 1), B]))).toMatchObject({ alias: "b", why: "strategy", order: ["b"] });
  });
});

describe("select by force", () => {
  it("FRC-02, CON-13: outranks affinity, strategy and thresholds", () => {
    const low = account("c", observed(1));
    const state = pool([A, B, low], { forced: forced(low) });
    expect(used(state, { bound: B.id })).toMatchObject({ alias: "c", why: "forced", order: ["c", "a", "b"] });
  });

  it("FRC-03: is bypassed for a request that the forced account cannot serve", () => {
    const unfit = account("c", { modelUnsupported: { x: { until: at(1), error: "no" } } });
    const state = pool([A, B, unfit], { forced: forced(unfit) });
    expect(used(state, { model: "x", bound: B.id })).toMatchObject({ alias: "b", why: "affinity" });
    expect(used(state, { model: "x" })).toMatchObject({ alias: "a", why: "strategy" });
    expect(used(state, { model: "y" })).toMatchObject({ alias: "c", why: "forced" });
  });

  it("ends at its instant, and with its account", () => {
    expect(used(pool([A, B], { forced: forced(B, 0) })).alias).toBe("a");
    expect(used(pool([A, B], { forced: forced(C) })).alias).toBe("a");
  });
});

describe("select by affinity", () => {
  it("CON-13: keeps a conversation on its account below every threshold, without a turn of the rotation", () => {
    const state = pool([A, account("b", observed(1)), C]);
    const selection = used(state, { bound: B.id });
    expect(selection).toMatchObject({ alias: "b", why: "affinity", order: ["b", "a", "c"] });
    expect(selection.rotation).toBe(state.rotation);
  });

  it("CON-13: moves a conversation whose account is not eligible, by the strategy", () => {
    const state = pool([A, resting("b", 1), C]);
    expect(used(state, { bound: B.id })).toMatchObject({ alias: "a", why: "strategy" });
  });

  it("CON-13: keeps a conversation on an account at its capacity, which takes nothing new and no sub-agents", () => {
    const full = account("b", { concurrency: { cap: 1, refusedAt: NOW } });
    const state = pool([A, full], { inFlight: new Map([[B.id, 1]]) });
    const own = choose(state, { bound: B.id, home: B.id });
    expect(own).toMatchObject({ kind: "use", why: "affinity", account: { alias: "b" } });
    expect(own.candidates.map(({ eligible }) => eligible)).toEqual([true, true]);
    expect(used(state, { bound: B.id })).toMatchObject({ alias: "a", why: "strategy", order: ["a"] });
    expect(used(state)).toMatchObject({ alias: "a", why: "strategy", order: ["a"] });
    const unlike = used(state, { bound: B.id, home: A.id });
    expect(unlike).toMatchObject({ alias: "a", why: "strategy", order: ["a"] });
  });

  it("CON-02: places every request by the strategy where it is off", () => {
    let state = pool([A, B], { settings: settings({ sessionAffinity: "off" }) });
    const served: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const { alias, rotation } = used(state, { bound: A.id });
      served.push(alias);
      state = { ...state, rotation };
    }
    expect(served).toEqual(["a", "b", "a", "b"]);
  });
});

describe("select by strategy", () => {
  it("SET-03: is round-robin by default; each strategy can be chosen", () => {
    const state = pool([busy("a", 3), busy("b", 1), busy("c", 2)]);
    const first = (rotationStrategy: SelectionState["settings"]["rotationStrategy"], draw: number) => {
      const weighed = settings({ rotationStrategy, accountWeights: { a: 0.1, b: 0.1, c: 1 } });
      const selection = select({ ...state, settings: weighed }, {}, NOW, constant(draw));
      return selection.kind === "use" && selection.account.alias;
    };
    expect(used(state).alias).toBe("a");
    expect(first("least-used", 0)).toBe("b");
    expect(first("weighted-round-robin", 0)).toBe("c");
    expect(first("random", 0)).toBe("a");
    expect(first("random", 0.99)).toBe("c");
    expect(first("headroom", 0)).toBe("a");
  });

  it("gives accounts below the critical threshold nothing new while another is eligible", () => {
    const state = pool([account("a", observed(9.9)), B, account("c", observed(10))]);
    expect(used(state)).toMatchObject({ alias: "b", why: "strategy", order: ["b", "c", "a"] });
  });

  it("uses them as a last resort, in turn", () => {
    const state = pool([account("a", observed(1)), resting("b", 1), account("c", observed(2))]);
    const selection = used(state);
    expect(selection).toMatchObject({ alias: "a", why: "last-resort", order: ["a", "c"] });
    expect(used({ ...state, rotation: selection.rotation })).toMatchObject({
      alias: "c",
      why: "last-resort",
    });
  });

  it("uses busy accounts where none has room, the least busy first", () => {
    const concurrency = { cap: 1, refusedAt: NOW };
    const state = pool([account("a", { concurrency }), account("b", { concurrency }), resting("c", 9)]);
    const inFlight = new Map([
      [A.id, 3],
      [B.id, 2],
    ]);
    expect(used({ ...state, inFlight })).toMatchObject({ alias: "b", why: "last-resort", order: ["b", "a"] });
    expect(used({ ...state, inFlight: new Map([[A.id, 3]]) })).toMatchObject({ alias: "b", why: "strategy" });
  });

  it("asks after a limit only where no other can serve, the one refused longest ago first", () => {
    const state = pool([limited("a", 6), limited("b", 4), limited("c", 9)]);
    expect(used(state)).toMatchObject({ alias: "c", why: "trial", order: ["c", "a"] });
    const spared = { ...state, accounts: [...state.accounts, failed("d", 9)] };
    expect(used(spared)).toMatchObject({ alias: "d", why: "last-resort", order: ["d"] });
  });

  it("does not take unknown limits for low ones", () => {
    expect(used(pool([A], { settings: settings({ criticalThreshold: 100 }) })).why).toBe("strategy");
  });
});
