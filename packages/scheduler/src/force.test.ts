import {
  changeSettings,
  disableAccount,
  FORCE_MS,
  removeAccount,
  storeSchema,
  withoutForce,
  type Account,
  type Strategy,
  type StoreV2,
} from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, constant, MINUTE, NOW, observed, settings } from "../test/builders.ts";
import { storeOf } from "../test/stores.ts";
import { applyAccountEvent, type AccountEvent } from "./account-event.ts";
import { activateForce, settleForce } from "./force.ts";

const ANN = { via: "cli", user: "ann" } as const;
const BOB = { via: "dashboard", user: "bob" } as const;
const HOUR = 60 * MINUTE;
const A = account("a");
const B = account("b");

const activate = (store: StoreV2, alias: string, ms = 0, actor: typeof ANN | typeof BOB = ANN) =>
  activateForce(store, { alias, actor, settings: settings(), now: at(ms) });
const forced = (store: StoreV2, alias: string, ms = 0) => activate(store, alias, ms)._unsafeUnwrap();
const settle = (store: StoreV2, ms = 0, chosen = settings()) =>
  settleForce(store, { settings: chosen, now: at(ms) });
const withStored = (store: StoreV2, changed: Account): StoreV2 => ({
  ...store,
  accounts: { ...store.accounts, [changed.alias]: changed },
});
const strategy = (rotationStrategy: Strategy | null) => (store: StoreV2) =>
  changeSettings(store, { rotationStrategy })._unsafeUnwrap();
const wait = (retryAfterMs: number) => ({ kind: "transient", retryAfterMs }) as const;
const refusal = (store: StoreV2, alias: string) => {
  const { code, message } = activate(store, alias)._unsafeUnwrapErr();
  return `${code}: ${message}`;
};

describe("activateForce", () => {
  it("FRC-01: lasts 24 hours from the activation, knows by whom and what held before, also when read again", () => {
    const store = forced(storeOf([A, B], { rotationStrategy: "least-used" }), "b");
    expect(storeSchema.parse(JSON.parse(JSON.stringify(store)))).toMatchObject({
      forcedAlias: "b",
      forcedUntil: at(24 * HOUR),
      forcedBy: ANN,
      rotationStrategy: "least-used",
      previousRotationStrategy: "least-used",
    });
  });

  it.each([0, 1, HOUR, FORCE_MS - 1])("FRC-05: the same alias %d ms later extends nothing", (ms) => {
    const first = forced(storeOf([A, B]), "a");
    expect(activate(first, "a", ms, BOB)._unsafeUnwrap()).toBe(first);
  });

  it("FRC-05: another alias gets 24 hours of its own; the strategy to follow stays the original one", () => {
    const store = storeOf([A, B], { rotationStrategy: "random" });
    const second = activate(forced(store, "a"), "b", HOUR, BOB)._unsafeUnwrap();
    expect(second).toMatchObject({
      forcedAlias: "b",
      forcedUntil: at(25 * HOUR),
      forcedBy: BOB,
      previousRotationStrategy: "random",
    });
    expect(withoutForce(second)).toEqual(store);
    expect(forced(second, "a", 2 * HOUR).forcedUntil).toBe(at(26 * HOUR));
  });

  it("FRC-11: after the end the same alias gets 24 hours anew", () => {
    const store = forced(storeOf([A, B]), "a");
    expect(forced(store, "a", FORCE_MS).forcedUntil).toBe(at(2 * FORCE_MS));
    expect(forced(settle(store, FORCE_MS).store, "a", FORCE_MS + 5).forcedUntil).toBe(at(2 * FORCE_MS + 5));
  });

  it("says what is wrong, the lack of accounts first", () => {
    const resting = account("r", { rateLimitedUntil: at(HOUR) });
    const store = storeOf([A, account("off", { enabled: false }), resting]);
    expect(refusal(storeOf([]), "nobody")).toBe("NO_ACCOUNTS: no account is linked");
    expect(refusal(store, "nobody")).toMatch(/^ACCOUNT_NOT_FOUND: .*"nobody"/);
    expect(refusal(store, "constructor")).toMatch(/^ACCOUNT_NOT_FOUND: /);
    expect(activate(store, "off")._unsafeUnwrapErr()).toMatchObject({
      code: "ACCOUNT_DISABLED",
      message: '"off" is disabled',
      details: { alias: "off" },
    });
    expect(activate(store, "r")._unsafeUnwrapErr()).toMatchObject({
      code: "ACCOUNT_NOT_ELIGIBLE",
      message: '"r" can serve no request now: cooling-down',
      details: { alias: "r", reasons: ["cooling-down"], until: at(HOUR) },
    });
  });

  it("leaves a force on another account alone when it refuses", () => {
    const store = forced(storeOf([A, account("off", { enabled: false })]), "a");
    expect(activate(store, "off").isErr()).toBe(true);
    expect(settle(store).ended).toBeNull();
  });
});

describe("settleForce", () => {
  it.each([-HOUR, 0, FORCE_MS - 1])("ends nothing at %d ms", (ms) => {
    const store = forced(storeOf([A, B]), "a");
    expect(settle(store, ms)).toEqual({ store, ended: null });
    expect(settle(store, ms).store).toBe(store);
  });

  it("FRC-04: ends at its instant, and the strategy from before holds", () => {
    const before = storeOf([A, B], { rotationStrategy: "weighted-round-robin" });
    const { store, ended } = settle(forced(before, "a"), FORCE_MS);
    expect(ended).toEqual({ alias: "a", reason: "expired" });
    expect(store).toEqual(before);
  });

  it.each<[string, Account, string]>([
    ["disabled", account("a", { enabled: false }), "disabled"],
    ["its login is refused", account("a", { authInvalid: true }), "auth-invalid"],
    [
      "its quota is spent",
      account("a", { rateLimitedUntil: at(1), rateLimitedAt: NOW, quotaRefusedAt: NOW }),
      "cooling-down",
    ],
    [
      "its quota was spent as an earlier plugin saw it",
      account("a", { rateLimitedUntil: at(1) }),
      "cooling-down",
    ],
    ["its workspace rests", account("a", { workspaceDeactivatedUntil: at(1) }), "workspace-resting"],
    [
      "it is down",
      account("a", {
        health: { state: "down", failures: 3, successes: 0, since: NOW, rest: { from: NOW, until: at(1) } },
      }),
      "health-down",
    ],
  ])("FRC-03: ends at once when it can serve no model: %s", (_, changed, reason) => {
    const before = storeOf([A, B], { rotationStrategy: "random" });
    const { store, ended } = settle(withStored(forced(before, "a"), changed));
    expect(ended).toEqual({ alias: "a", reason });
    expect(store).toEqual(withStored(before, changed));
  });

  it("FRC-03: ends when its reserve is reached, and when it is gone however that came", () => {
    const low = withStored(forced(storeOf([A, B]), "a"), account("a", observed(20)));
    expect(settle(low, 0, settings({ reservePercent: { a: 20 } })).ended?.reason).toBe("reserve-reached");
    expect(settle(low, 0, settings({ reservePercent: { a: 19 } })).ended).toBeNull();
    expect(settle({ ...forced(storeOf([A, B]), "a"), accounts: {} }).ended?.reason).toBe("removed");
  });

  it.each<[string, AccountEvent, string | undefined]>([
    ["a model that it does not have", { kind: "model", model: "m", error: "no" }, undefined],
    ["one failure", { kind: "transient" }, undefined],
    ["one failure with a wait of two seconds", { kind: "transient", retryAfterMs: 2_000 }, undefined],
    ["a token endpoint out of reach", { kind: "token-unavailable", restMs: MINUTE }, undefined],
    ["a spent quota", { kind: "quota", until: at(HOUR) }, "cooling-down"],
    ["a spent quota without a reset", { kind: "quota", until: null }, "cooling-down"],
    ["a dead login", { kind: "auth-invalid", reason: "no-token" }, "auth-invalid"],
    ["a deactivated workspace", { kind: "workspace" }, "workspace-resting"],
  ])("FRC-03: %s: ended by %s", (_, event, reason) => {
    const context = { settings: settings(), now: NOW, random: constant(0.5) };
    const store = withStored(forced(storeOf([A, B]), "a"), applyAccountEvent(A, event, context));
    expect(settle(store).ended?.reason).toBe(reason);
  });

  it("FRC-03: a quota spent during a failure's wait still ends it; a failure after a spent quota hides nothing", () => {
    const context = { settings: settings(), now: NOW, random: constant(0.5) };
    const quota = { kind: "quota", until: at(HOUR) } as const;
    for (const events of [
      [wait(2 * HOUR), quota],
      [quota, wait(2_000)],
    ]) {
      const hit = events.reduce((one: Account, event) => applyAccountEvent(one, event, context), A);
      expect(settle(withStored(forced(storeOf([A, B]), "a"), hit)).ended?.reason).toBe("cooling-down");
    }
  });

  it("FRC-03: a failed attempt after a quota has been reset ends nothing", () => {
    const context = { settings: settings(), now: NOW, random: constant(0.5) };
    const spent = applyAccountEvent(A, { kind: "quota", until: at(MINUTE) }, context);
    const store = forced(storeOf([spent, B]), "a", MINUTE);
    const event = { kind: "transient", retryAfterMs: MINUTE } as const;
    const failed = applyAccountEvent(spent, event, { ...context, now: at(2 * MINUTE) });
    expect(settle(withStored(store, failed), 2 * MINUTE).ended).toBeNull();
  });

  it("brings back a strategy even where an edited file does not say which", () => {
    const store = storeOf([A], { forcedAlias: A.alias, rotationStrategy: "random" });
    expect(settle(store).store).toEqual(storeOf([A], { rotationStrategy: "random" }));
  });
});

describe("a force and other changes", () => {
  it("FRC-10: a strategy changed meanwhile becomes active afterwards, however it ends", () => {
    const changed = strategy("random")(forced(storeOf([A, B], { rotationStrategy: "least-used" }), "a"));
    expect(changed).toMatchObject({ rotationStrategy: "least-used", previousRotationStrategy: "random" });
    const ends = [
      withoutForce(changed),
      settle(changed, FORCE_MS).store,
      disableAccount(changed, "a", { actor: ANN, now: NOW })._unsafeUnwrap(),
      removeAccount(changed, "a")._unsafeUnwrap(),
    ];
    for (const end of ends) {
      expect(end).toMatchObject({
        rotationStrategy: "random",
        previousRotationStrategy: null,
        forcedAlias: null,
      });
    }
    expect(withoutForce(forced(changed, "b", HOUR)).rotationStrategy).toBe("random");
    expect(withoutForce(strategy(null)(changed)).rotationStrategy).toBe("round-robin");
  });

  it("clearing is harmless where nothing is forced", () => {
    const store = storeOf([A], { rotationStrategy: "random" });
    expect(withoutForce(store)).toBe(store);
  });
});
