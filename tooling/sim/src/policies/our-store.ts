import {
  accountId,
  epochMs,
  newAccount,
  parseAlias,
  sessionId,
  SETTINGS_DEFAULTS,
  type Account,
  type AccountId,
  type Affinity,
  type EpochMs,
  type Random,
  type Settings,
} from "@open-multi-auth/domain";
import {
  afterClockJump,
  applyAccountEvent,
  bindSession,
  type AccountEvent,
} from "@open-multi-auth/scheduler";
import type { Conversation } from "../model/conversation.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Reading, ToldWindow } from "../model/upstream-account.ts";

const FIVE_HOUR_MINUTES = 300;
const WEEKLY_MINUTES = 10_080;
const REBIND_MS = 60_000;
const SWEEP_EVERY = 50;
const EXPIRED_MS = 60 * 60_000;

/** What our processes share: accounts, bindings and settings, as the store has them. */
export interface OurStore {
  readonly settings: Settings;
  readonly accounts: readonly Account[];
  readonly affinity: Affinity;
  change(account: number, event: AccountEvent, now: EpochMs): void;
  tellUsage(account: number, reading: Reading, now: EpochMs): void;
  bind(conversation: Conversation, accountId: AccountId, now: EpochMs): void;
  /** Puts the bindings right after the clock was set. */
  keepBindings(jumpedMs: number, now: EpochMs): void;
  indexOf(id: AccountId): number;
}

export function createOurStore(scenario: Scenario, chosen: Partial<Settings>, random: Random): OurStore {
  const settings = { ...SETTINGS_DEFAULTS, ...scenario.settings, ...chosen };
  let accounts = scenario.plans.map(({ name }, index) => accountOf(index, name));
  let affinity: Affinity = {};
  let binds = 0;
  const indexes = new Map(accounts.map(({ id }, index) => [id, index]));
  const replace = (index: number, change: (account: Account) => Account): void => {
    const account = accounts[index];
    if (account) accounts = accounts.with(index, change(account));
  };
  return {
    settings,
    get accounts() {
      return accounts;
    },
    get affinity() {
      return affinity;
    },
    change(index, event, now) {
      replace(index, (account) => applyAccountEvent(account, event, { settings, now, random }));
    },
    tellUsage(index, reading, now) {
      replace(index, ({ authInvalid: _linkedAnew, ...account }) => ({
        ...account,
        rateLimits: { ...limitsOf(reading, now), source: { kind: "usage-endpoint" } },
      }));
    },
    bind({ id }, account, now) {
      const bound = affinity[id];
      if (bound?.accountId === account && now - bound.at < REBIND_MS && bound.at <= now) return;
      if (++binds % SWEEP_EVERY === 0) affinity = withoutExpired(affinity, now);
      affinity = bindSession(affinity, sessionId(id), account, now);
    },
    keepBindings(jumpedMs, now) {
      affinity = afterClockJump(affinity, jumpedMs, now);
    },
    indexOf: (id) => indexes.get(id) ?? -1,
  };
}

/** Bindings that expired mean nothing; they go sooner than in the store, since copying them takes most of the time. */
function withoutExpired(affinity: Affinity, now: EpochMs): Affinity {
  return Object.fromEntries(Object.entries(affinity).filter(([, { at }]) => Math.abs(now - at) < EXPIRED_MS));
}

/** A reading as the connector takes it from an answer's headers. */
export function limitsOf({ fiveHour, weekly }: Reading, now: EpochMs): NonNullable<Account["observed"]> {
  return {
    at: now,
    weekly: windowOf(weekly, WEEKLY_MINUTES, now),
    ...(fiveHour && { fiveHour: windowOf(fiveHour, FIVE_HOUR_MINUTES, now) }),
  };
}

function windowOf({ usedPercent, resetsAt }: ToldWindow, windowMinutes: number, updatedAt: EpochMs) {
  return { remaining: 100 - usedPercent, resetAt: epochMs(resetsAt), windowMinutes, updatedAt };
}

function accountOf(index: number, plan: string): Account {
  const alias = parseAlias(`account-${index + 1}`)._unsafeUnwrap();
  const id = accountId(`00000000-0000-4000-8000-${String(index).padStart(12, "0")}`);
  const credential = { accessToken: "access", refreshToken: "refresh", expiresAt: epochMs(0) };
  const linked = { ...credential, source: "codex" as const, planType: PLAN_TYPES[plan] ?? plan };
  return newAccount(id, alias, linked, epochMs(1_000_000 + index));
}

/** What upstream calls the plans. */
const PLAN_TYPES: Readonly<Record<string, string>> = { plus: "plus", pro5: "prolite", pro20: "pro" };
