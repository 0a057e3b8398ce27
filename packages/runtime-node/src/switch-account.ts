import { readCodexFile } from "@open-multi-auth/auth-oauth/node";
import type { StoreError } from "@open-multi-auth/core-store";
import {
  accountsOf,
  failure,
  type Account,
  type AccountNotFound,
  type Clock,
  type Failure,
  type Random,
  type StoreV2,
} from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import {
  adopted,
  codexLoginOf,
  ownerOf,
  putLogin,
  sharedOnlyWith,
  type CodexSyncError,
} from "./codex-sync.ts";
import { fileLeases } from "./credentials.ts";
import type { Pool } from "./open-pool.ts";
import { systemClock, systemRandom } from "./system.ts";

/** Which account the Codex CLI is to be signed in with. */
export interface SwitchWish {
  readonly alias: string;
  /** Also if the Codex CLI's own login is not linked, and would be lost. */
  readonly replace?: boolean;
}

/** Why it was not: nothing was changed. */
export type SwitchError =
  | AccountNotFound
  /** The Codex CLI holds a login that is nowhere else; it is imported first, or given up. */
  | Failure<"CODEX_LOGIN_UNLINKED", { path: string; email?: string }>
  | CodexSyncError
  | StoreError;

/** What was done. */
export interface Switched {
  readonly alias: string;
  /** The Codex CLI's file. */
  readonly path: string;
}

interface Deps {
  readonly clock?: Clock;
  readonly random?: Random;
}

const TRIES = 3;

/**
 * Makes an account the active one: the one that the Codex CLI is signed in with. What the Codex CLI has renewed by
 * itself is taken over first, and from then on renewed tokens go both ways.
 */
export function switchAccount(
  pool: Pick<Pool, "store" | "paths">,
  wish: SwitchWish,
  { clock = systemClock, random = systemRandom }: Deps = {},
): ResultAsync<Switched, SwitchError> {
  return new ResultAsync(underLease());

  /** No process of ours may renew the login while it is copied: the copy would be a used one. */
  async function underLease(): Promise<Result<Switched, SwitchError>> {
    const account = find(pool.store.state(), wish.alias);
    if (!account) return err(notFound(wish.alias));
    const lease = await fileLeases(pool.paths.folder, { clock, random }).acquire(account.id, 10_000);
    if (lease.isErr()) return err(lease.error);
    try {
      for (let tries = 0; tries < TRIES; tries++) {
        const done = await attempt(pool, wish, clock);
        if (done.isErr() || done.value)
          return done.map(() => ({ alias: account.alias, path: pool.paths.codexAuthFile }));
      }
      const { codexAuthFile: path } = pool.paths;
      return err(failure("CODEX_FILE_CHANGED", `${path} is being changed by another program`, { path }));
    } finally {
      await lease.value.release();
    }
  }
}

/** @returns false when the file has changed meanwhile */
async function attempt(
  { store, paths: { codexAuthFile: path } }: Pick<Pool, "store" | "paths">,
  { alias, replace = false }: SwitchWish,
  clock: Clock,
): Promise<Result<boolean, SwitchError>> {
  const found = await readCodexFile(path);
  if (found.isErr()) return err(found.error);
  const { login: held } = found.value;
  const reloaded = await store.reload();
  if (reloaded.isErr()) return err(reloaded.error);

  // Durable before the file is overwritten: renewed tokens would be lost, and ours would be written back as used ones.
  const prepared = await store.update<SwitchError>((state) => {
    if (held && !replace && !ownerOf(state, held)) return err(unlinked(path, held.email));
    const taken = held ? adopted(state, held) : state;
    const account = find(taken, alias);
    if (!account) return err(notFound(alias));
    return codexLoginOf(account, clock.now()).map(() => withCodexFile(taken, account, path));
  });
  if (prepared.isErr()) return err(prepared.error);
  const account = find(prepared.value, alias);
  if (!account) return err(notFound(alias));
  const written = await putLogin(path, found.value, account, clock.now());
  if (written.isErr()) return err(written.error);
  if (written.value === "left-alone") return ok(false);
  const active = await store.update((state) =>
    ok({ ...sharedOnlyWith(state, alias, path), activeAlias: account.alias }),
  );
  return active.map(() => true);
}

/** Only adds: until the file is written, it is its former owner's too. */
function withCodexFile(state: StoreV2, account: Account, path: string): StoreV2 {
  const shared = find(sharedOnlyWith(state, account.alias, path), account.alias);
  return shared ? { ...state, accounts: { ...state.accounts, [account.alias]: shared } } : state;
}

const find = (state: StoreV2, alias: string): Account | undefined =>
  accountsOf(state).find((account) => account.alias === alias);

const notFound = (alias: string): AccountNotFound =>
  failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias });

function unlinked(path: string, email: string | undefined): SwitchError {
  const who = email === undefined ? "a login" : `a login of ${email}`;
  const message = `the Codex CLI has ${who} that is not linked and would be lost; nothing was changed`;
  return failure("CODEX_LOGIN_UNLINKED", message, { path, ...(email !== undefined && { email }) });
}
