import { ENVIRONMENT_PREFIX, failure, messageOf, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Input } from "../command.ts";
import type { Context } from "../context.ts";

/** The variable that a script may hand the passphrase in. */
export const PASSPHRASE_VARIABLE = `${ENVIRONMENT_PREFIX}PASSPHRASE`;

/** The option that every command with a passphrase has. */
export const passphraseOption = {
  "passphrase-file": {
    value: "file",
    about: `read the passphrase from a file (default: ${PASSPHRASE_VARIABLE}, else it is asked for)`,
  },
};

const SHORTEST = 8;

/** The passphrase that opens a backup. */
export const givenPassphrase = (input: Input, context: Context): Promise<Result<string, Failure>> =>
  findPassphrase(input, context, async () => ok(await context.askSecret("Passphrase of the backup:")));

/** The passphrase for something that is yet to be encrypted: long enough, and on a terminal typed twice. */
export async function newPassphrase(
  what: string,
  input: Input,
  context: Context,
): Promise<Result<string, Failure>> {
  const found = await findPassphrase(input, context, () => askTwice(what, context));
  return found.andThen((passphrase) =>
    passphrase.length >= SHORTEST
      ? ok(passphrase)
      : err(failure("PASSPHRASE_WEAK", `the passphrase has fewer than ${SHORTEST} characters`, {})),
  );
}

async function findPassphrase(
  { values }: Input,
  { env, cwd, interactive }: Context,
  ask: () => Promise<Result<string, Failure>>,
): Promise<Result<string, Failure>> {
  const file = values.get("passphrase-file");
  if (file !== undefined) return (await readPassphrase(resolve(cwd, file))).andThen(unlessEmpty);
  const variable = env[PASSPHRASE_VARIABLE];
  if (variable !== undefined && variable !== "") return ok(variable);
  if (interactive) return (await ask()).andThen(unlessEmpty);
  return err(needed("a passphrase is needed, and there is no terminal to ask on"));
}

/** One line end is the editor's, not the person's. */
async function readPassphrase(path: string): Promise<Result<string, Failure>> {
  try {
    return ok((await readFile(path, "utf8")).replace(/\r?\n$/, ""));
  } catch (thrown) {
    return err(failure("PASSPHRASE_UNREADABLE", messageOf(thrown), { path }));
  }
}

async function askTwice(what: string, { askSecret }: Context): Promise<Result<string, Failure>> {
  const first = await askSecret(`Passphrase for ${what}:`);
  if (first === "") return ok(first);
  return (await askSecret("The same again:")) === first
    ? ok(first)
    : err(failure("PASSPHRASE_MISMATCH", "the two passphrases differ", {}));
}

const unlessEmpty = (passphrase: string): Result<string, Failure> =>
  passphrase === "" ? err(needed("the passphrase is empty")) : ok(passphrase);

const needed = (message: string): Failure => failure("PASSPHRASE_NEEDED", message, {});
