import {
  accountId,
  epochMs,
  newAccount,
  parseAlias,
  SETTINGS_DEFAULTS,
  type Account,
  type EpochMs,
  type Random,
  type RateLimitWindow,
  type RotationState,
  type Settings,
} from "@open-multi-auth/domain";
import type { SelectionState } from "../src/index.ts";
import type { Field } from "../src/strategies/strategy.ts";

export const NOW: EpochMs = epochMs(1_800_000_000_000);
export const MINUTE = 60_000;
export const at = (ms: number): EpochMs => epochMs(NOW + ms);

/** An account called `name`, linked in the order of the names, changed as told. */
export function account(name: string, change: Partial<Account> = {}): Account {
  const alias = parseAlias(name)._unsafeUnwrap();
  const credential = { accessToken: "access", refreshToken: "refresh", expiresAt: at(3_600_000) };
  const linkedAt = epochMs(1_000 + (name.codePointAt(0) ?? 0));
  return {
    ...newAccount(accountId(`id-${name}`), alias, { ...credential, source: "codex" }, linkedAt),
    ...change,
  };
}

export const settings = (change: Partial<Settings> = {}): Settings => ({ ...SETTINGS_DEFAULTS, ...change });

export const NEW_ROTATION: RotationState = { cursor: 0, starts: 0, current: {} };

export function pool(accounts: readonly Account[], change: Partial<SelectionState> = {}): SelectionState {
  return { accounts, settings: settings(), rotation: NEW_ROTATION, forced: null, ...change };
}

/** What a strategy chooses from: all of the accounts, unless told otherwise. */
export function field(accounts: readonly Account[], change: Partial<Field> = {}): Field {
  const nothing = { inFlight: new Map(), sessions: new Map(), now: NOW, random: constant(0) };
  return {
    eligible: accounts,
    accounts,
    settings: settings(),
    rotation: NEW_ROTATION,
    ...nothing,
    ...change,
  };
}

export function window(remaining: number, change: Partial<RateLimitWindow> = {}): RateLimitWindow {
  return { remaining, resetAt: at(60 * MINUTE), windowMinutes: 300, updatedAt: NOW, ...change };
}

/** Observed limits with `remaining` percent left of the five hours. */
export const observed = (remaining: number): Pick<Account, "observed"> => ({
  observed: { at: NOW, fiveHour: window(remaining) },
});

/** Uniform numbers that a seed determines (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

/** Always the same number. */
export const constant = (value: number): Random => ({ next: () => value });
