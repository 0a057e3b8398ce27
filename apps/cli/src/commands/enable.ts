import { poolControl } from "@open-multi-auth/runtime-node";
import type { Command, ExitCode } from "../command.ts";
import { actorOf, withPool } from "../pool.ts";

/** `oma enable <alias>` */
export const enableCommand: Command = {
  arguments: [{ name: "alias", required: true }],
  options: {},
  examples: ["enable work"],
  run: ({ words: [alias = ""] }, context) =>
    withPool(context, (pool) =>
      poolControl(pool, actorOf(context))
        .enableAccount(alias)
        .map((): ExitCode => {
          context.out.print(`${alias} is enabled`);
          return 0;
        }),
    ),
};
