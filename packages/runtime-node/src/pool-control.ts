import type { StoreError } from "@open-multi-auth/core-store";
import {
  accountsOf,
  applyPreset,
  changeSettings,
  disableAccount,
  enableAccount,
  forceView,
  removeAccount,
  resetSettings,
  settingsView,
  withoutForce,
  type AccountNotFound,
  type Actor,
  type Alias,
  type AlreadyInState,
  type AuditAction,
  type ForceView,
  type LastEnabledAccount,
  type SettingsView,
  type StoreV2,
  type Strategy,
  type ValidationError,
} from "@open-multi-auth/domain";
import { activateForce, settleForce, sharesOf, type ForceError } from "@open-multi-auth/scheduler";
import { ok, type Result, type ResultAsync } from "neverthrow";
import type { Pool } from "./open-pool.ts";

/** What a person may change in a pool. Every change is on disk, and in the audit log, when it resolves. */
export interface PoolControl {
  /** Force mode as of now. */
  force(): ForceView;
  /**
   * Pins an account over any strategy for 24 hours from its first activation.
   *
   * @returns how it stands, or `NO_ACCOUNTS` (first), `ACCOUNT_NOT_FOUND`, `ACCOUNT_DISABLED`, `ACCOUNT_NOT_ELIGIBLE`
   */
  activateForce(alias: string): ResultAsync<ForceView, ForceError | StoreError>;
  /** Ends the force; harmless where nothing is forced. */
  clearForce(): ResultAsync<ForceCleared, StoreError>;
  /** Effective settings, each with its origin. */
  settings(): SettingsView;
  /** Changes persisted settings by a merge patch from outside; `VALIDATION_ERROR` changes nothing. */
  changeSettings(patch: unknown): ResultAsync<SettingsView, ValidationError | StoreError>;
  /** Applies `balanced`, `conservative` or `aggressive`, checked like any change. */
  applyPreset(name: unknown): ResultAsync<SettingsView, ValidationError | StoreError>;
  /** Deletes every persisted setting. */
  resetSettings(): ResultAsync<SettingsView, StoreError>;
  /** Changes feature flags: `{antigravityEnabled: true}`. */
  changeFeatureFlags(flags: unknown): ResultAsync<SettingsView, ValidationError | StoreError>;
  /** Lets an account serve again; `ACCOUNT_NOT_FOUND` or `ALREADY_IN_STATE`. */
  enableAccount(alias: string): ResultAsync<StoreV2, AccountNotFound | AlreadyInState | StoreError>;
  /** Takes an account out of the rotation; also `LAST_ENABLED_ACCOUNT` unless none may be left. */
  disableAccount(
    alias: string,
    how?: { readonly reason?: string | undefined; readonly allowNone?: boolean | undefined },
  ): ResultAsync<StoreV2, AccountNotFound | AlreadyInState | LastEnabledAccount | StoreError>;
  /** Forgets an account and its login; `ACCOUNT_NOT_FOUND`. */
  removeAccount(alias: string): ResultAsync<StoreV2, AccountNotFound | StoreError>;
}

/** What clearing a force did. */
export interface ForceCleared {
  /** The account that was forced. */
  readonly alias: Alias | null;
  /** The persisted strategy, which holds again. */
  readonly restoredStrategy: Strategy;
}

/**
 * The use cases of a pool, on behalf of one actor: what the CLI, the API and the dashboard call.
 *
 * @param actor who is noted in the audit log; make one control per actor, it holds no state
 */
export function poolControl(pool: Pool, actor: Actor): PoolControl {
  const { layers, clock } = pool;
  const judging = () => ({ settings: pool.settings().settings, now: clock.now() });
  const change = <E>(action: AuditAction, how: (store: StoreV2) => Result<StoreV2, E>) => {
    // What ended by itself is noted as such, before it is changed.
    pool.state();
    return pool.audited({ actor, action }).update(how);
  };
  const viewed = (): SettingsView => settingsViewOf(pool);
  const settle = (store: StoreV2): StoreV2 => settleForce(store, judging()).store;

  return {
    force: () => forceView(pool.state()),
    activateForce: (alias) =>
      change("force.activate", (store) => activateForce(store, { alias, actor, ...judging() })).map(
        forceView,
      ),
    clearForce() {
      let alias: Alias | null = null;
      return change("force.clear", (store) => {
        alias = settle(store).forcedAlias;
        return ok<StoreV2>(withoutForce(store));
      }).map(({ rotationStrategy }) => ({ alias, restoredStrategy: rotationStrategy }));
    },
    settings: viewed,
    changeSettings: (patch) =>
      change("settings.change", (store) => changeSettings(settle(store), patch, layers)).map(viewed),
    applyPreset: (name) =>
      change("settings.preset", (store) => applyPreset(settle(store), name, layers)).map(viewed),
    resetSettings: () =>
      change("settings.reset", (store) => ok<StoreV2>(resetSettings(settle(store)))).map(viewed),
    changeFeatureFlags: (featureFlags) =>
      change("flags.change", (store) => changeSettings(settle(store), { featureFlags }, layers)).map(viewed),
    enableAccount: (alias) => change("account.enable", (store) => enableAccount(store, alias)),
    disableAccount: (alias, how = {}) =>
      change("account.disable", (store) => disableAccount(store, alias, { ...how, actor, now: clock.now() })),
    removeAccount: (alias) => change("account.remove", (store) => removeAccount(store, alias)),
  };
}

function settingsViewOf(pool: Pool): SettingsView {
  const store = pool.state();
  const resolved = pool.settings();
  const enabled = accountsOf(store).filter((account) => account.enabled);
  return settingsView(
    store,
    resolved,
    sharesOf(
      resolved.settings,
      enabled.map(({ alias }) => alias),
    ),
  );
}
