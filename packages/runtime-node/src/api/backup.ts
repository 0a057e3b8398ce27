import { sameIdentity } from "@open-multi-auth/auth-oauth";
import {
  isEmptyDifference,
  parseBackup,
  planImport,
  storeDifference,
  type SameAccount,
} from "@open-multi-auth/core-store";
import { backupText, openBackup } from "@open-multi-auth/core-store/node";
import { accountsOf, failure, toIso, type Actor, type Failure, type StoreV2 } from "@open-multi-auth/domain";
import type { Imported, ImportWishInput } from "@open-multi-auth/loopback-api";
import { err, errAsync, ok, ResultAsync, type Result } from "neverthrow";
import type { Pool } from "../open-pool.ts";

const SHORTEST_PASSPHRASE = 8;

/** The text of an encrypted backup of everything; that it was made is noted. */
export function exportBackup(
  pool: Pool,
  passphrase: string,
  actor: Actor,
): ResultAsync<{ text: string; name: string }, Failure> {
  const store = pool.state();
  const count = accountsOf(store).length;
  if (count === 0) return refused("NO_ACCOUNTS", "no account is linked, so there is nothing to export");
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    return refused("PASSPHRASE_WEAK", `the passphrase has fewer than ${SHORTEST_PASSPHRASE} characters`);
  }
  const day = toIso(pool.clock.now())?.slice(0, 10) ?? "";
  const made = backupText({ store, passphrase, clock: pool.clock });
  return ResultAsync.fromSafePromise(made).map((text) => {
    pool.noteDeed({ actor, action: "backup.export", reason: `${count} accounts, encrypted` });
    return { text, name: `open-multi-auth-${day}.backup.json` };
  });
}

/** Adds the accounts of a backup in one transaction on the newest state: all of it, or nothing. */
export function importBackup(
  pool: Pool,
  wish: ImportWishInput,
  actor: Actor,
): ResultAsync<Imported, Failure> {
  const { backup, passphrase, dryRun = false, overwrite = false } = wish;
  return new ResultAsync(run());

  async function run(): Promise<Result<Imported, Failure>> {
    const opened = await parseBackup(backup).asyncAndThen((file) => openBackup(file, passphrase));
    if (opened.isErr()) return err(opened.error);
    const planFor = (current: StoreV2) => {
      const plan = planImport({ current, backup: opened.value, same: sameAccount, overwrite });
      return { plan, difference: storeDifference(current, plan.store) };
    };
    let done = planFor(pool.state());
    if (!dryRun && !isEmptyDifference(done.difference)) {
      const updated = await pool
        .audited({ actor, action: "backup.import" })
        .update((state) => ok((done = planFor(state)).plan.store), { keepReplaced: true });
      if (updated.isErr()) return err(updated.error);
    }
    return ok(importedView(done, dryRun));
  }
}

interface Done {
  readonly plan: ReturnType<typeof planImport>;
  readonly difference: ReturnType<typeof storeDifference>;
}

const importedView = ({ plan, difference }: Done, dryRun: boolean): Imported => ({
  dryRun,
  added: [...difference.added],
  removed: [...difference.removed],
  changed: difference.changed.map(fieldsOf),
  settings: [...difference.settings],
  kept: plan.kept.map(fieldsOf),
  renamed: plan.renamed.map(({ from, to }) => ({ from, to })),
});

const fieldsOf = ({ alias, fields }: { alias: string; fields: readonly string[] }) => ({
  alias,
  fields: [...fields],
});

/** A login without readable claims is still known by the refresh token that both hold. */
const sameAccount: SameAccount = (a, b) => sameIdentity(a, b) || a.refreshToken === b.refreshToken;

const refused = (code: string, message: string): ResultAsync<never, Failure> =>
  errAsync(failure(code, message, {}));
