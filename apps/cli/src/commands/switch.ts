import { switchAccount } from "@open-multi-auth/runtime-node";
import type { Command, ExitCode } from "../command.ts";
import { actorOf, withPool } from "../pool.ts";

/** `oma switch <alias>` */
export const switchCommand: Command = {
  arguments: [{ name: "alias", required: true }],
  options: {
    replace: { about: "also if the Codex CLI's own login is not linked, and is lost by it" },
    json: { about: "print what was done as JSON" },
  },
  examples: ["switch work"],
  run: ({ words: [alias = ""], flags }, context) =>
    withPool(context, (pool) => {
      const store = pool.audited({ actor: actorOf(context), action: "account.switch" });
      const wish = { alias, replace: flags.has("replace") };
      return switchAccount({ store, paths: pool.paths }, wish, { clock: context.clock }).map(
        (switched): ExitCode => {
          const text = `the Codex CLI is signed in as ${switched.alias} (${switched.path})`;
          context.out.print(flags.has("json") ? JSON.stringify(switched) : text);
          return 0;
        },
      );
    }),
};
