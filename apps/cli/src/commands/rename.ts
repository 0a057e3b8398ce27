import { parseAlias, renameAccount } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import { actorOf, withPool } from "../pool.ts";

/** `oma rename <alias> <new>` */
export const renameCommand: Command = {
  arguments: [
    { name: "alias", required: true },
    { name: "new-alias", required: true },
  ],
  options: {},
  examples: ["rename work studio"],
  run: async ({ words: [from = "", name = ""] }, context) => {
    const to = parseAlias(name);
    if (to.isErr()) return err(to.error);
    return withPool(context, (pool) =>
      pool
        .audited({ actor: actorOf(context), action: "account.rename" })
        .update((store) => renameAccount(store, from, to.value))
        .map((): ExitCode => {
          context.out.print(`${from} is called ${to.value} now`);
          return 0;
        }),
    );
  },
};
