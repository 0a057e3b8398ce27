import { decryptStore, encryptionOf } from "@open-multi-auth/core-store/node";
import { systemRandom } from "@open-multi-auth/runtime-node";
import { err } from "neverthrow";
import type { Command } from "../command.ts";
import { keysOf } from "../keys.ts";
import { withPool } from "../pool.ts";
import { reportSwitched } from "../present/encryption.ts";

/** `oma decrypt` */
export const decryptCommand: Command = {
  arguments: [],
  options: {},
  examples: ["decrypt"],
  run: async (_input, context) => {
    const keys = keysOf(context);
    const opened = await withPool(
      context,
      ({ paths }) => encryptionOf(paths.storeFile).map((before) => ({ before, paths })),
      { keys },
    );
    if (opened.isErr()) return err(opened.error);
    const { before, paths } = opened.value;
    const { clock } = context;
    return decryptStore({ file: paths.storeFile, keys, clock, random: systemRandom }).map((done) => {
      reportSwitched(before.store === "off" ? "not encrypted" : "decrypted", done, context);
      if (before.store === "keychain")
        context.err.print("note: its key stays in the keychain, for older copies of the folder");
      return 0;
    });
  },
};
