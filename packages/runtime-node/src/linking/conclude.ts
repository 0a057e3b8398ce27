import { sameIdentity, type RefreshLease, type SharedFiles } from "@open-multi-auth/auth-oauth";
import type { PoolStore } from "@open-multi-auth/core-store";
import {
  accountId,
  accountsOf,
  alreadyLinked,
  failure,
  linkAccount,
  relinkAccount,
  type Account,
  type AccountAlreadyLinked,
  type AccountNotFound,
  type Alias,
  type AliasTaken,
  type Clock,
  type Failure,
  type IdentityMismatch,
  type Linked,
  type NewAccount,
} from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { randomUUID } from "node:crypto";
import { syncActive } from "../codex-sync.ts";
import type { LinkError, LinkReport, LinkWish } from "./link.ts";

/** What a login is put into the store with. */
export interface ConcludeDeps {
  readonly store: PoolStore;
  readonly codexAuthFile: string;
  readonly lease: RefreshLease;
  readonly sharedFiles: SharedFiles;
  readonly clock: Clock;
  readonly onProblem: (problem: Failure) => void;
}

type Concluded = Result<Omit<LinkReport, "workspaces">, LinkError>;

/** Puts a login into the store, as the wish has it. What cannot be is refused, and nothing is changed. */
export async function concludeLink(
  wish: LinkWish,
  login: NewAccount,
  deps: ConcludeDeps,
): Promise<Concluded> {
  if (wish.workspace !== undefined && login.accountId !== wish.workspace) {
    const { workspace } = wish;
    const message = "you signed in to another workspace than the one that was asked for; nothing changed";
    return err(failure("WORKSPACE_MISMATCH", message, { workspace }));
  }
  return wish.reauth
    ? relink({ ...wish.reauth, alias: wish.alias ?? "" }, login, deps)
    : add(wish, login, deps);
}

async function add(
  { alias }: LinkWish,
  login: NewAccount,
  { store, clock }: ConcludeDeps,
): Promise<Concluded> {
  const same = (account: Account): boolean => sameIdentity(account, login);
  const linking = { login, alias, id: accountId(randomUUID()), same, now: clock.now() };
  let linked: Linked | undefined;
  const stored = await store.update<AliasTaken | AccountAlreadyLinked>((state) => {
    const known = accountsOf(state).find(same);
    // Under a name of its own it would look like another account; the person meant one.
    if (known && alias !== undefined) return err(alreadyLinked(known));
    return linkAccount(state, linking).map((done) => (linked = done).store);
  });
  return stored.map(() => ({ ...reported(linked!.alias, login), outcome: linked!.outcome }));
}

async function relink(
  { alias, id, allowOtherAccount }: NonNullable<LinkWish["reauth"]> & { readonly alias: string },
  login: NewAccount,
  deps: ConcludeDeps,
): Promise<Concluded> {
  const { store, clock } = deps;
  const same = (account: Account): boolean => sameIdentity(account, login);
  const isMeant = (account: Account): boolean =>
    id === undefined ? account.alias === alias : account.id === id;
  return underLease(isMeant, deps, async () => {
    let before: Account | undefined;
    const stored = await store.update<AccountNotFound | AccountAlreadyLinked | IdentityMismatch>((state) => {
      before = accountsOf(state).find(isMeant);
      // Another account may have been given the name since.
      if (!before) return err(failure("ACCOUNT_NOT_FOUND", `"${alias}" was removed meanwhile`, { alias }));
      return relinkAccount(state, {
        login,
        alias: before.alias,
        same,
        allowOtherAccount,
        now: clock.now(),
      });
    });
    if (stored.isErr()) return err(stored.error);
    if (before) await shareAnew(before, login, deps);
    return ok({ ...reported(before!.alias, login), outcome: "reauthorized" });
  });
}

/** No other process may be renewing the old login while files of other tools get the new one. Without a claim it goes on. */
async function underLease<T>(
  isMeant: (account: Account) => boolean,
  { store, lease }: ConcludeDeps,
  work: () => Promise<T>,
): Promise<T> {
  const account = accountsOf(store.state()).find(isMeant);
  const held = account && (await lease.acquire(account.id, 10_000));
  try {
    return await work();
  } finally {
    if (held?.isOk()) await held.value.release();
  }
}

/**
 * Other tools that held the old login get the new one, unless that is another account's: they keep theirs, and would name
 * its workspace to the upstream with tokens that are not for it. The Codex CLI is signed in anew if this is its account.
 */
async function shareAnew(before: Account, login: NewAccount, deps: ConcludeDeps): Promise<void> {
  const { store, sharedFiles, codexAuthFile, clock, onProblem } = deps;
  if (sameIdentity(before, login)) {
    const written = await sharedFiles.writeBack(before, before, login);
    if (written.isErr()) onProblem(written.error);
  }
  if (store.state().activeAlias !== before.alias) return;
  const synced = await syncActive({ store, path: codexAuthFile, before, now: clock.now() });
  if (synced.isErr()) onProblem(synced.error);
}

function reported(
  alias: Alias,
  { email, planType }: NewAccount,
): Pick<LinkReport, "alias" | "email" | "planType"> {
  return { alias, ...(email !== undefined && { email }), ...(planType !== undefined && { planType }) };
}
