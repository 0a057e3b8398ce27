import type { KeyOrigin, KeySource, StoreKey } from "@open-multi-auth/core-store";
import {
  alignStoreCopies,
  encryptionOf,
  encryptStore,
  keychainKey,
  passphraseKey,
} from "@open-multi-auth/core-store/node";
import { failure, type Failure } from "@open-multi-auth/domain";
import { systemKeychain, systemRandom } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import { newPassphrase, PASSPHRASE_VARIABLE, passphraseOption } from "../backup/passphrase.ts";
import type { Command, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { keysOf } from "../keys.ts";
import { withPool } from "../pool.ts";
import { KEY_NAMES, reportSwitched } from "../present/encryption.ts";
import { usage } from "../usage.ts";

/** `oma encrypt` */
export const encryptCommand: Command = {
  arguments: [],
  options: {
    keychain: { about: "make a key of its own and keep it in the keychain of the operating system" },
    ...passphraseOption,
  },
  examples: ["encrypt --keychain", "encrypt", "encrypt --passphrase-file ~/.oma-passphrase"],
  run: async (input, context) => {
    if (input.flags.has("keychain") && input.values.has("passphrase-file"))
      return err(usage("encrypt", "--keychain and --passphrase-file exclude each other"));
    const keys = keysOf(context);
    // Opened first: whatever is broken is recovered before it is hidden.
    const opened = await withPool(
      context,
      ({ paths }) => encryptionOf(paths.storeFile).map((now) => ({ now, paths })),
      { keys },
    );
    if (opened.isErr()) return err(opened.error);
    const { now, paths } = opened.value;
    const store = { file: paths.storeFile, keys, clock: context.clock, random: systemRandom };
    if (now.store !== "off") return encryptedAlready(now.store, store, input, context);
    const key = await newKey(input, context);
    if (key.isErr()) return err(key.error);
    return encryptStore({ ...store, key: key.value }).map((done) => {
      reportSwitched(`encrypted with ${KEY_NAMES[key.value.header.source]}`, done, context);
      adviseOn(key.value.header.source, context);
      return 0;
    });
  },
};

type Store = Parameters<typeof alignStoreCopies>[0] & { readonly keys: KeySource };

/** Copies in the open may have come since. */
async function encryptedAlready(
  origin: KeyOrigin,
  store: Store,
  input: Input,
  context: Context,
): Promise<Result<0, Failure>> {
  if (input.flags.has("keychain") && origin !== "keychain") {
    const message = `the store is encrypted with ${KEY_NAMES[origin]} already`;
    return err(failure("ALREADY_ENCRYPTED", message, {}));
  }
  return alignStoreCopies(store).map((done) => {
    reportSwitched(`encrypted already, with ${KEY_NAMES[origin]}`, done, context);
    return 0;
  });
}

async function newKey(input: Input, context: Context): Promise<Result<StoreKey, Failure>> {
  if (input.flags.has("keychain")) {
    return context.progress("asking the keychain", keychainKey(systemKeychain(context.env)));
  }
  const passphrase = await newPassphrase("the account store", input, context);
  if (passphrase.isErr()) return err(passphrase.error);
  return ok(await context.progress("making the key", passphraseKey(passphrase.value)));
}

function adviseOn(origin: KeyOrigin, { err: notes }: Context): void {
  if (origin === "passphrase") {
    notes.print(
      `note: OpenCode cannot ask for it: restart it with ${PASSPHRASE_VARIABLE} set, or use \`oma encrypt --keychain\``,
    );
  }
  const lost = origin === "passphrase" ? "the passphrase" : "the entry in your keychain";
  notes.print(`note: without ${lost} nobody can open the store; keep a backup of \`oma export\``);
}
