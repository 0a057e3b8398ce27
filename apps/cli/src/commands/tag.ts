import { describeAccount } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import type { Command } from "../command.ts";
import { describe } from "../describe.ts";
import { usage } from "../usage.ts";

/** `oma tag <alias> [tags]` */
export const tagCommand: Command = {
  arguments: [
    { name: "alias", required: true },
    { name: "tags", required: false },
  ],
  options: { clear: { about: "take all tags away" } },
  examples: ["tag work eu,paid", "tag work", "tag work --clear"],
  run: async ({ words: [alias = "", text], flags }, context) => {
    const clear = flags.has("clear");
    if (clear && text !== undefined) return err(usage("tag", "either tags or --clear"));
    const tags = clear ? [] : text?.split(",").flatMap((tag) => tag.trim() || []);
    return describe(alias, context, {
      change: tags && ((store) => describeAccount(store, alias, { tags })),
      shown: (account) => account.tags.join(", "),
    });
  },
};
