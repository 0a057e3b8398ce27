import { accountId, epochMs, newAccount, parseAlias, SETTINGS_DEFAULTS } from "@open-multi-auth/domain";
import type {
  Account,
  AccountId,
  Affinity,
  Clock,
  Random,
  RotationState,
  Settings,
} from "@open-multi-auth/domain";
import {
  applyAccountEvent,
  bindSession,
  liveSessions,
  type AccountEvent,
  type SelectionState,
} from "@open-multi-auth/scheduler";
import type { AccountPool, PoolSnapshot } from "../src/index.ts";

/** An account pool in memory, with the scheduler's own rules. */
export interface MemoryPool extends AccountPool {
  readonly account: (alias: string) => Account;
  readonly change: (alias: string, change: (account: Account) => Account) => void;
  readonly events: { readonly alias: string; readonly event: AccountEvent }[];
  readonly affinity: () => Affinity;
  /** How many requests are under way. */
  readonly underWay: () => number;
  forced: SelectionState["forced"];
  /** What another process repairs, seen at the next reload. */
  onReload: () => void;
}

/** What a pool of logins needs to know of each. */
export interface Login {
  readonly alias: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
  readonly accountId?: string;
}

/** Builds the pool; accounts are ordered as given. */
export function createMemoryPool(
  logins: readonly Login[],
  deps: { readonly clock: Clock; readonly random: Random; readonly settings?: Partial<Settings> },
): MemoryPool {
  const settings: Settings = { ...SETTINGS_DEFAULTS, ...deps.settings };
  const accounts = new Map(logins.map((login) => [idOf(login.alias), linked(login, deps.clock)]));
  const inFlight = new Map<AccountId, number>();
  let affinity: Affinity = {};
  let rotation: RotationState = { cursor: 0, starts: 0, current: {} };

  const found = (id: AccountId): Account => {
    const account = accounts.get(id);
    if (account === undefined) throw new Error(`no account ${id}`);
    return account;
  };
  const pool: MemoryPool = {
    snapshot(): PoolSnapshot {
      const all = [...accounts.values()];
      const enabled = all.filter((account) => account.enabled).length;
      const sessions = liveSessions(affinity, deps.clock.now());
      const state = {
        accounts: all,
        settings,
        rotation,
        forced: pool.forced,
        inFlight: new Map(inFlight),
        sessions,
      };
      return { state, affinity, enabled, disabled: all.length - enabled };
    },
    record({ accountId: id, event }) {
      const account = found(id);
      const context = { settings, now: deps.clock.now(), random: deps.random };
      accounts.set(id, applyAccountEvent(account, event, context));
      pool.events.push({ alias: account.alias, event });
    },
    began: (id) => void inFlight.set(id, (inFlight.get(id) ?? 0) + 1),
    ended(id) {
      const left = (inFlight.get(id) ?? 0) - 1;
      if (left < 0) throw new Error(`nothing was under way with ${id}`);
      if (left === 0) inFlight.delete(id);
      else inFlight.set(id, left);
    },
    place(placement) {
      rotation = placement.rotation;
      if (placement.sessionId === undefined) return;
      affinity = bindSession(affinity, placement.sessionId, placement.accountId, deps.clock.now());
    },
    reload: async () => pool.onReload(),
    account: (alias) => found(idOf(alias)),
    change: (alias, change) => void accounts.set(idOf(alias), change(found(idOf(alias)))),
    events: [],
    affinity: () => affinity,
    underWay: () => [...inFlight.values()].reduce((sum, count) => sum + count, 0),
    forced: null,
    onReload: () => {},
  };
  return pool;
}

export const idOf = (alias: string): AccountId => accountId(`id-${alias}`);

function linked(login: Login, clock: Clock): Account {
  const { accessToken, refreshToken, expiresAt } = login;
  const credential = { accessToken, refreshToken, expiresAt: epochMs(expiresAt) };
  const alias = parseAlias(login.alias)._unsafeUnwrap();
  const source = {
    source: "import",
    ...(login.accountId !== undefined && { accountId: login.accountId }),
  } as const;
  return newAccount(idOf(alias), alias, { ...credential, ...source }, clock.now());
}
