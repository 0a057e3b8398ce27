import { enableAccount } from "@open-multi-auth/domain";
import type { Command, ExitCode } from "../command.ts";
import { withPool } from "../pool.ts";

/** `oma enable <alias>` */
export const enableCommand: Command = {
  arguments: [{ name: "alias", required: true }],
  options: {},
  examples: ["enable work"],
  run: ({ words: [alias = ""] }, context) =>
    withPool(context, (pool) =>
      pool.store
        .update((store) => enableAccount(store, alias))
        .map((): ExitCode => {
          context.out.print(`${alias} is enabled`);
          return 0;
        }),
    ),
};
