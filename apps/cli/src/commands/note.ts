import { describeAccount } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import type { Command } from "../command.ts";
import { describe } from "../describe.ts";
import { usage } from "../usage.ts";

/** `oma note <alias> [text]` */
export const noteCommand: Command = {
  arguments: [
    { name: "alias", required: true },
    { name: "text", required: false },
  ],
  options: { clear: { about: "take the note away" } },
  examples: ['note work "paid until May"', "note work", "note work --clear"],
  run: async ({ words: [alias = "", text], flags }, context) => {
    const clear = flags.has("clear");
    if (clear && text !== undefined) return err(usage("note", "either a text or --clear"));
    const notes = clear ? "" : text?.trim();
    return describe(alias, context, {
      change: notes === undefined ? undefined : (store) => describeAccount(store, alias, { notes }),
      shown: (account) => account.notes ?? "",
    });
  },
};
