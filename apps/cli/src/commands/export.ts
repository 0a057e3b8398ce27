import { writeBackup } from "@open-multi-auth/core-store/node";
import { failure, toIso, type Failure, type StoreV2 } from "@open-multi-auth/domain";
import { systemRandom } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import { newPassphrase, passphraseOption } from "../backup/passphrase.ts";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { errnoOf } from "../files/read-text.ts";
import { withPool } from "../pool.ts";
import { usage } from "../usage.ts";

/** `oma export [file]` */
export const exportCommand: Command = {
  arguments: [{ name: "file", required: false }],
  options: {
    ...passphraseOption,
    plain: { about: "do not encrypt: whoever reads the file can use your accounts" },
  },
  examples: ["export", "export ~/oma.backup.json --passphrase-file ~/.oma-passphrase", "export --plain"],
  run: (input, context) =>
    withPool(context, async ({ store }) => {
      const count = Object.keys(store.state().accounts).length;
      if (count === 0)
        return err(failure("NO_ACCOUNTS", "no account is linked, so there is nothing to export", {}));
      const path = resolve(context.cwd, input.words[0] ?? defaultName(context));
      const passphrase = (await freeFile(path)).isErr() ? err(taken(path)) : await sealing(input, context);
      if (passphrase.isErr()) return err(passphrase.error);
      return write(store.state(), { path, passphrase: passphrase.value }, context);
    }),
};

const defaultName = ({ clock }: Context): string =>
  `open-multi-auth-${toIso(clock.now())?.slice(0, 10)}.backup.json`;

/** A backup is often the last copy of something: no file is replaced by another one. */
async function freeFile(path: string): Promise<Result<void, Failure>> {
  const found = await lstat(path).catch((thrown: unknown) => errnoOf(thrown));
  return found === "ENOENT" || found === "ENOTDIR" ? ok() : err(taken(path));
}

const taken = (path: string): Failure => failure("FILE_EXISTS", `${path} exists already`, { path });

/** The passphrase, or nothing where the person wants the file in the open. */
async function sealing(input: Input, context: Context): Promise<Result<string | undefined, Failure>> {
  if (!input.flags.has("plain")) return newPassphrase("the backup", input, context);
  return input.values.has("passphrase-file")
    ? err(usage("export", "--plain and --passphrase-file exclude each other"))
    : ok(undefined);
}

async function write(
  store: StoreV2,
  target: { readonly path: string; readonly passphrase: string | undefined },
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { out, err: notes, clock } = context;
  const work = writeBackup({ ...target, store, clock, random: systemRandom });
  const written = await context.progress("writing the backup", work);
  return written.map(() => {
    const aliases = Object.keys(store.accounts);
    const form = target.passphrase === undefined ? "NOT encrypted" : "encrypted";
    out.print(
      `${aliases.length} ${aliases.length === 1 ? "account" : "accounts"} exported to ${target.path}, ${form}`,
    );
    notes.print(
      "note: each login is renewed as it is used, which uses up the copy in the backup; export again before you move",
    );
    return 0;
  });
}
