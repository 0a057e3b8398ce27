import { poolControl } from "@open-multi-auth/runtime-node";
import type { Command, ExitCode } from "../command.ts";
import { actorOf, withPool } from "../pool.ts";

/** `oma disable <alias>` */
export const disableCommand: Command = {
  arguments: [{ name: "alias", required: true }],
  options: {
    reason: { value: "text", about: "why, shown in `oma status`" },
    "allow-none": { about: "also if no enabled account is left then" },
  },
  examples: ['disable work --reason "on holiday until Monday"'],
  run: ({ words: [alias = ""], flags, values }, context) => {
    const how = { reason: values.get("reason"), allowNone: flags.has("allow-none") };
    return withPool(context, (pool) =>
      poolControl(pool, actorOf(context))
        .disableAccount(alias, how)
        .map((): ExitCode => {
          context.out.print(`${alias} is disabled; its login is kept`);
          return 0;
        }),
    );
  },
};
