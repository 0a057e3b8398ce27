import {
  isEmptyDifference,
  planImport,
  storeDifference,
  type ImportPlan,
  type StoreDifference,
} from "@open-multi-auth/core-store";
import { openBackup, readBackup } from "@open-multi-auth/core-store/node";
import type { Actor, Failure, StoreV2 } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import { resolve } from "node:path";
import { givenPassphrase, passphraseOption } from "../backup/passphrase.ts";
import { sameAccount } from "../backup/same-account.ts";
import type { Command, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, withPool } from "../pool.ts";
import { differenceLines, fieldsText } from "../present/difference.ts";

/** `oma import-backup <file>` */
export const importBackupCommand: Command = {
  arguments: [{ name: "file", required: true }],
  options: {
    ...passphraseOption,
    "dry-run": { about: "say what would be done" },
    overwrite: { about: "replace names, tags, notes and settings that differ; the newer login stays" },
    json: { about: "print what is done as JSON" },
  },
  examples: ["import-backup oma.backup.json --dry-run", "import-backup oma.backup.json --overwrite"],
  run: async (input, context) => {
    // Before the pool is opened: a file that cannot be used makes no store.
    const backup = await readStore(input, context);
    if (backup.isErr()) return err(backup.error);
    return withPool(context, async (pool) =>
      (await importInto(pool, backup.value, input, actorOf(context))).map((done) => {
        report(done, input, context);
        return 0;
      }),
    );
  },
};

async function readStore(input: Input, context: Context): Promise<Result<StoreV2, Failure>> {
  const file = await readBackup(resolve(context.cwd, input.words[0] ?? ""));
  if (file.isErr()) return err(file.error);
  if (file.value.kind === "plain") return openBackup(file.value, undefined);
  const passphrase = await givenPassphrase(input, context);
  if (passphrase.isErr()) return err(passphrase.error);
  return context.progress("decrypting", openBackup(file.value, passphrase.value));
}

interface Done {
  readonly plan: ImportPlan;
  readonly difference: StoreDifference;
}

/** One transaction on the newest state: all of it is imported, or nothing. */
async function importInto(
  pool: Pool,
  backup: StoreV2,
  { flags }: Input,
  actor: Actor,
): Promise<Result<Done, Failure>> {
  const store = pool.audited({ actor, action: "backup.import" });
  const overwrite = flags.has("overwrite");
  const planFor = (current: StoreV2): Done => {
    const plan = planImport({ current, backup, same: sameAccount, overwrite });
    return { plan, difference: storeDifference(current, plan.store) };
  };
  let done = planFor(store.state());
  if (flags.has("dry-run") || isEmptyDifference(done.difference)) return ok(done);
  const updated = await store.update((state) => ok((done = planFor(state)).plan.store), {
    keepReplaced: true,
  });
  return updated.map(() => done);
}

function report({ plan, difference }: Done, { flags }: Input, { out }: Context): void {
  const { kept, renamed } = plan;
  const dryRun = flags.has("dry-run");
  if (flags.has("json")) {
    out.print(JSON.stringify({ dryRun, ...difference, kept, renamed }, null, 2));
    return;
  }
  const lines = [
    ...differenceLines(difference, out.colours),
    ...renamed.map(({ from, to }) => `  ${from} is called ${to}: another account here has its alias`),
    ...kept.map(
      ({ alias, fields }) => `= ${alias}: kept, differs in ${fieldsText(fields)} (see --overwrite)`,
    ),
  ];
  const verb = dryRun ? "would be imported" : "imported";
  out.print(isEmptyDifference(difference) ? `nothing ${verb}` : `${verb}:`);
  if (lines.length > 0) out.print(lines.join("\n"));
}
