import {
  fingerprint,
  isNewerLogin,
  sameIdentity,
  type CodexLogin,
  type ImportedLogin,
} from "@open-multi-auth/auth-oauth";
import { readCodexFile, writeCodexLogin, type CodexFile } from "@open-multi-auth/auth-oauth/node";
import type { PoolStore, StoreError } from "@open-multi-auth/core-store";
import {
  accountsOf,
  failure,
  toIso,
  type Account,
  type Credential,
  type EpochMs,
  type Failure,
  type SharedFile,
  type StoreV2,
} from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

/** Why the Codex CLI cannot be signed in with an account. */
export type CodexSyncError =
  /** Its login was refused: the person signs in again first. */
  | Failure<"REAUTH_NEEDED", { alias: string }>
  /** The Codex CLI wants an id token, and this login came without one; signing in again gets one. */
  | Failure<"ID_TOKEN_MISSING", { alias: string }>
  /** The Codex CLI wrote its file again and again meanwhile. */
  | Failure<"CODEX_FILE_CHANGED", { path: string }>
  /** Codes of auth-oauth's `WriteBackError`. */
  | Failure;

/** The login of an account as the Codex CLI wants it. */
export function codexLoginOf(account: Account, now: EpochMs): Result<CodexLogin, CodexSyncError> {
  const { alias, accessToken, refreshToken, idToken, accountId } = account;
  if (account.authInvalid === true) {
    return err(failure("REAUTH_NEEDED", `the login of "${alias}" was refused`, { alias }));
  }
  if (idToken === undefined || idToken === "") {
    const message = `the login of "${alias}" has no id token, without which the Codex CLI cannot use it`;
    return err(failure("ID_TOKEN_MISSING", message, { alias }));
  }
  const lastRefresh = account.lastRefresh ?? toIso(now) ?? "";
  return ok({
    accessToken,
    refreshToken,
    idToken,
    lastRefresh,
    ...(accountId !== undefined && { accountId }),
  });
}

/** The account that a login in the Codex CLI's file belongs to. */
export function ownerOf(state: StoreV2, held: ImportedLogin): Account | undefined {
  return accountsOf(state).find(
    (account) => sameIdentity(account, held) || account.refreshToken === held.refreshToken,
  );
}

/** Takes over what the Codex CLI renewed by itself: once its file is overwritten, those tokens are nowhere else. */
export function adopted(state: StoreV2, held: ImportedLogin): StoreV2 {
  const owner = ownerOf(state, held);
  if (!owner || held.refreshToken === owner.refreshToken || !isNewerLogin(held, owner)) return state;
  const { authInvalid: _invalid, authInvalidatedAt: _at, authInvalidReason: _why, ...kept } = owner;
  const { accessToken, refreshToken, expiresAt, idToken, lastRefresh } = held;
  const renewed: Credential = {
    accessToken,
    refreshToken,
    expiresAt,
    ...(idToken !== undefined && { idToken }),
    ...(lastRefresh !== undefined && { lastRefresh }),
  };
  return { ...state, accounts: { ...state.accounts, [owner.alias]: { ...kept, ...renewed } } };
}

/** The Codex CLI's file is this account's, and no other's. */
export function sharedOnlyWith(state: StoreV2, alias: string, path: string): StoreV2 {
  const accounts = Object.entries(state.accounts).map(([name, account]): [string, Account] => {
    const { sharedWith = [], ...rest } = account;
    const others = sharedWith.filter((file) => file.kind !== "codex-auth-json" || file.path !== path);
    const files = name === alias ? [...others, codexFileOf(account, path)] : others;
    return [name, files.length === sharedWith.length && name !== alias ? account : withFiles(rest, files)];
  });
  return { ...state, accounts: Object.fromEntries(accounts) };
}

const withFiles = (account: Account, files: SharedFile[]): Account =>
  files.length === 0 ? account : { ...account, sharedWith: files };

const codexFileOf = ({ refreshToken }: Account, path: string): SharedFile => ({
  kind: "codex-auth-json",
  path,
  fingerprint: fingerprint(refreshToken),
});

/** Writes an account's login into the file as it was found. */
export async function putLogin(
  path: string,
  found: CodexFile,
  account: Account,
  now: EpochMs,
): Promise<Result<"written" | "left-alone", CodexSyncError>> {
  const login = codexLoginOf(account, now);
  return login.isErr() ? err(login.error) : writeCodexLogin(path, found, login.value);
}

/** The active account with its login before, which its file may still hold. */
interface ActiveSync {
  readonly store: PoolStore;
  readonly path: string;
  readonly before: Account;
  readonly now: EpochMs;
}

/**
 * Brings the Codex CLI's file up to the active account's new login. A login there that the person has put there
 * otherwise is left alone.
 */
export async function syncActive({
  store,
  path,
  before,
  now,
}: ActiveSync): Promise<Result<void, CodexSyncError | StoreError>> {
  const found = await readCodexFile(path);
  if (found.isErr()) return err(found.error);
  const { login: held } = found.value;
  const account = accountsOf(store.state()).find(({ id }) => id === before.id);
  if (!account || held?.refreshToken === account.refreshToken) return ok();
  if (held && held.refreshToken !== before.refreshToken && !sameIdentity(held, before)) {
    const message = `the Codex CLI is signed in with another login than "${account.alias}"; it was left alone`;
    return err(failure("CODEX_LOGIN_OTHER", message, { path }));
  }
  const shared = await store.update((state) => ok(sharedOnlyWith(state, account.alias, path)));
  if (shared.isErr()) return err(shared.error);
  const written = await putLogin(path, found.value, account, now);
  return written.map(() => undefined);
}
