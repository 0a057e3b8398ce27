import {
  changeSettings,
  disableAccount,
  enableAccount,
  epochMs,
  FORCE_MS,
  removeAccount,
  resetSettings,
  SETTINGS_DEFAULTS,
  strategySchema,
  withoutForce,
  type Alias,
  type Strategy,
  type StoreV2,
} from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { account, constant, NOW, NEW_ROTATION } from "../test/builders.ts";
import { storeOf } from "../test/stores.ts";
import { activateForce, settleForce } from "./force.ts";
import { select } from "./select.ts";

/** What the words of the specification say, kept apart from the code. */
interface Model {
  now: number;
  enabled: Map<string, boolean>;
  forced: { alias: string; until: number } | null;
  /** The strategy that the person chose last. */
  chosen: Strategy;
}
interface Real {
  store: StoreV2;
}

const NAMES = ["a", "b", "c"];
const STRATEGIES = strategySchema.options;
const ACTOR = { via: "cli" } as const;
const settings = SETTINGS_DEFAULTS;

/** Does something to both, lets a force that is over end, and compares what can be seen. */
function command(name: string, run: (model: Model, real: Real) => void): fc.Command<Model, Real> {
  return {
    check: () => true,
    toString: () => name,
    run(model, real) {
      run(model, real);
      if (model.forced && model.now >= model.forced.until) model.forced = null;
      real.store = settleForce(real.store, { settings, now: epochMs(model.now) }).store;
      compare(model, real);
    },
  };
}

function compare(model: Model, { store }: Real): void {
  expect([store.forcedAlias, store.forcedUntil]).toEqual([
    model.forced?.alias ?? null,
    model.forced?.until ?? null,
  ]);
  expect(withoutForce(store).rotationStrategy).toBe(model.chosen);
  expect(store.previousRotationStrategy === null).toBe(model.forced === null);
  const accounts = Object.values(store.accounts);
  const forced = model.forced && {
    alias: model.forced.alias as Alias,
    until: epochMs(model.forced.until),
  };
  const { rotationStrategy } = store;
  const state = { accounts, settings: { ...settings, rotationStrategy }, rotation: NEW_ROTATION, forced };
  const selection = select(state, {}, epochMs(model.now), constant(0));
  const isEnabled = [...model.enabled.values()].includes(true);
  expect(selection.kind).toBe(isEnabled ? "use" : "none");
  if (selection.kind === "none") return;
  expect(model.enabled.get(selection.account.alias)).toBe(true);
  expect(selection.why === "forced").toBe(model.forced !== null);
  if (model.forced) expect(selection.account.alias).toBe(model.forced.alias);
}

function agree(real: boolean, model: boolean): void {
  expect(real).toBe(model);
}

function endOn(model: Model, name: string): void {
  if (model.forced?.alias === name) model.forced = null;
}

const name = fc.constantFrom(...NAMES);
const commands = fc.commands(
  [
    name.map((alias) =>
      command(`force ${alias}`, (model, real) => {
        const { store } = real;
        const done = activateForce(store, { alias, actor: ACTOR, settings, now: epochMs(model.now) });
        agree(done.isOk(), model.enabled.get(alias) === true);
        if (done.isErr()) return;
        real.store = done.value;
        if (model.forced?.alias !== alias) model.forced = { alias, until: model.now + FORCE_MS };
      }),
    ),
    fc.constant(
      command("clear", (model, real) => {
        real.store = withoutForce(real.store);
        model.forced = null;
      }),
    ),
    fc.integer({ min: 0, max: FORCE_MS }).map((ms) =>
      command(`wait ${ms}`, (model) => {
        model.now += ms;
      }),
    ),
    name.map((alias) =>
      command(`disable ${alias}`, (model, real) => {
        const how = { actor: ACTOR, allowNone: true, now: epochMs(model.now) };
        const done = disableAccount(real.store, alias, how);
        agree(done.isOk(), model.enabled.get(alias) === true);
        if (done.isErr()) return;
        real.store = done.value;
        model.enabled.set(alias, false);
        endOn(model, alias);
      }),
    ),
    name.map((alias) =>
      command(`enable ${alias}`, (model, real) => {
        const done = enableAccount(real.store, alias);
        agree(done.isOk(), model.enabled.get(alias) === false);
        if (done.isErr()) return;
        real.store = done.value;
        model.enabled.set(alias, true);
      }),
    ),
    name.map((alias) =>
      command(`remove ${alias}`, (model, real) => {
        const done = removeAccount(real.store, alias);
        agree(done.isOk(), model.enabled.has(alias));
        if (done.isErr()) return;
        real.store = done.value;
        model.enabled.delete(alias);
        endOn(model, alias);
      }),
    ),
    fc.constantFrom(...STRATEGIES).map((rotationStrategy) =>
      command(`strategy ${rotationStrategy}`, (model, real) => {
        real.store = changeSettings(real.store, { rotationStrategy })._unsafeUnwrap();
        model.chosen = rotationStrategy;
      }),
    ),
    fc.constant(
      command("reset settings", (model, real) => {
        real.store = resetSettings(real.store);
        model.chosen = "round-robin";
      }),
    ),
  ],
  { maxCommands: 60 },
);

describe("force, enable, remove, expiry and settings", () => {
  it("FRC-01, FRC-03, FRC-04, FRC-05, FRC-10, FRC-11: do what the model says, in any order", () => {
    const property = fc.property(commands, (run) => {
      const model: Model = {
        now: NOW,
        enabled: new Map(NAMES.map((alias) => [alias, true])),
        forced: null,
        chosen: "round-robin",
      };
      const real: Real = { store: storeOf(NAMES.map((alias) => account(alias))) };
      fc.modelRun(() => ({ model, real }), run);
    });
    expect(fc.check(property, { numRuns: 500 })).toMatchObject({ failed: false });
  });
});
