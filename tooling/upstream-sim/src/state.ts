import { accountProfile, type AccountOptions, type AccountProfile } from "./account.ts";
import type { Endpoint, Step } from "./behaviour.ts";
import type { GrantRegistry } from "./grants.ts";
import type { SignIns } from "./sign-ins.ts";
import { mintTokenSet, type TokenSet } from "./tokens.ts";
import { freshWindows, type QuotaWindow } from "./windows.ts";

export interface SimAccount {
  readonly profile: AccountProfile;
  windows: readonly QuotaWindow[];
  readonly scripts: { [E in Endpoint]: readonly Step<E>[] };
  /** The newest set. */
  tokens: TokenSet;
}

/** All that the simulated servers remember. */
export interface SimState {
  readonly accounts: Map<string, SimAccount>;
  readonly accessTokens: Map<string, { readonly account: SimAccount; expiresAt: number }>;
  readonly grants: GrantRegistry;
  readonly signIns: SignIns;
  /** How often who waits for a user code may ask. */
  readonly deviceIntervalSeconds: number;
  /** Where model requests of a workspace go, as the Codex CLI asks; only https will do for it. */
  workspaceOrigin: string | undefined;
  /** Epoch ms of the simulator's clock. */
  now(): number;
  /** A name never given before, in any run. */
  serial(): string;
}

/** Adds an account and logs it in once. */
export function addAccount(state: SimState, options: AccountOptions): SimAccount {
  if (typeof options.alias !== "string" || options.alias === "") throw new Error("an account needs an alias");
  if (state.accounts.has(options.alias)) throw new Error(`account ${options.alias} is there already`);
  const profile = accountProfile(options, state.accounts.size + 1);
  const family = state.serial();
  const account: SimAccount = {
    profile,
    windows: freshWindows(profile.windows),
    scripts: { responses: [], usage: [], token: [] },
    tokens: mintTokenSet(profile, family, state.now()),
  };
  state.accounts.set(options.alias, account);
  register(state, account, family);
  return account;
}

/** Gives the account a new token set of the same login. Its earlier access tokens live on until they expire. */
export function rotateTokens(state: SimState, account: SimAccount, family: string): TokenSet {
  account.tokens = mintTokenSet(account.profile, state.serial(), state.now());
  register(state, account, family);
  return account.tokens;
}

export function expireAccessTokens(state: SimState, account: SimAccount): void {
  for (const issued of state.accessTokens.values()) {
    if (issued.account === account) issued.expiresAt = state.now();
  }
}

export function accountOf(state: SimState, alias: string): SimAccount {
  const account = state.accounts.get(alias);
  if (account !== undefined) return account;
  throw new Error(`no account ${alias}; there are: ${[...state.accounts.keys()].join(", ") || "none"}`);
}

function register(state: SimState, account: SimAccount, family: string): void {
  const { accessToken, refreshToken, expiresAt } = account.tokens;
  state.accessTokens.set(accessToken, { account, expiresAt });
  state.grants.issue(refreshToken, account.profile.alias, family);
}
