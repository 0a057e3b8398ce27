import { err, ok, type Result } from "neverthrow";
import { newAccount, type Account, type NewAccount, type SharedFile } from "./account.ts";
import { withAccount } from "./account-changes.ts";
import { failure, type Failure } from "./failure.ts";
import { parseAlias, type AccountId, type Alias } from "./ids.ts";
import { accountsOf, type StoreV2 } from "./store.ts";
import type { EpochMs } from "./time.ts";

/** The alias that was asked for belongs to another account; the person chooses another. */
export type AliasTaken = Failure<"ALIAS_TAKEN", { alias: string }>;

/** A login on its way into the store. */
export interface Linking {
  readonly login: NewAccount;
  /** The alias that the person asked for; without one it is made of the e-mail address. */
  readonly alias?: Alias | undefined;
  /** The id of the account, if it turns out to be a new one. */
  readonly id: AccountId;
  /** Tells whether an account is the one that the login belongs to. */
  readonly same: (account: Account) => boolean;
  readonly now: EpochMs;
}

/** What linking did: a new account, newer tokens for a known one, or a known one that had newer tokens itself. */
export interface Linked {
  readonly store: StoreV2;
  readonly alias: Alias;
  readonly outcome: "added" | "updated" | "kept";
}

/**
 * Adds a login as a new account, or gives it to the account that it already belongs to.
 *
 * A known account keeps its alias, tags, notes, history and whether it is enabled. Its tokens are replaced only by
 * ones that live longer, or if its own were refused: refresh tokens are used up, so older ones may be dead.
 *
 * @returns what was done and the new state, or `ALIAS_TAKEN`
 */
export function linkAccount(store: StoreV2, linking: Linking): Result<Linked, AliasTaken> {
  const known = accountsOf(store).find(linking.same);
  return known ? ok(merged(store, known, linking)) : added(store, linking);
}

function added(store: StoreV2, { login, alias, id, now }: Linking): Result<Linked, AliasTaken> {
  if (alias !== undefined && Object.hasOwn(store.accounts, alias)) {
    return err(failure("ALIAS_TAKEN", `another account is already called "${alias}"`, { alias }));
  }
  const account = newAccount(id, alias ?? freeAlias(store, login.email), login, now);
  return ok({ store: withAccount(store, account), alias: account.alias, outcome: "added" });
}

function merged(store: StoreV2, known: Account, { login }: Linking): Linked {
  const { source: _source, sharedWith, ...fresh } = login;
  const files = mergedFiles(known.sharedWith, sharedWith);
  const shared = files.length > 0 && { sharedWith: files };
  const { alias } = known;
  if (known.authInvalid !== true && known.expiresAt >= login.expiresAt) {
    return { store: withAccount(store, { ...known, ...shared }), alias, outcome: "kept" };
  }
  const { authInvalid: _invalid, authInvalidatedAt: _at, authInvalidReason: _why, ...kept } = known;
  return { store: withAccount(store, { ...kept, ...fresh, ...shared }), alias, outcome: "updated" };
}

/** One entry per file; what was read last tells which refresh token it holds. */
function mergedFiles(known: readonly SharedFile[] = [], read: readonly SharedFile[] = []): SharedFile[] {
  const others = known.filter(
    (file) => !read.some(({ kind, path }) => kind === file.kind && path === file.path),
  );
  return [...others, ...read];
}

function freeAlias(store: StoreV2, email: string | undefined): Alias {
  for (const text of candidateAliases(email)) {
    const alias = parseAlias(text);
    if (alias.isOk() && !Object.hasOwn(store.accounts, alias.value)) return alias.value;
  }
  throw new Error("more accounts than numbers");
}

function* candidateAliases(email: string | undefined): Generator<string> {
  const local = email?.split("@", 1)[0] ?? "";
  const stem = local
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replaceAll(/^[-.]+|-+$/g, "")
    .slice(0, 56);
  if (stem !== "") yield stem;
  for (let n = stem === "" ? 1 : 2; ; n++) yield `${stem || "account"}-${n}`;
}
