import { failure, removeAccount } from "@open-multi-auth/domain";
import { poolControl } from "@open-multi-auth/runtime-node";
import { err, ok } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, withPool } from "../pool.ts";

/** `oma remove <alias>` */
export const removeCommand: Command = {
  arguments: [{ name: "alias", required: true }],
  options: { yes: { about: "do not ask" } },
  examples: ["remove work", "remove work --yes"],
  run: ({ words: [alias = ""], flags }, context) =>
    withPool(context, async (pool) => {
      // Before the question: nobody should confirm what cannot be done.
      const possible = removeAccount(pool.store.state(), alias);
      if (possible.isErr()) return err(possible.error);
      const confirmed = flags.has("yes") || (await confirm(alias, context));
      if (confirmed === "unasked") return err(failure("CONFIRMATION_NEEDED", unasked(alias), { alias }));
      if (!confirmed) {
        context.out.print("nothing was removed");
        return ok<ExitCode>(1);
      }
      return poolControl(pool, actorOf(context))
        .removeAccount(alias)
        .map((): ExitCode => {
          context.out.print(`${alias} is removed`);
          context.err.print(
            "note: `oma restore` can bring it back; `oma restore --forget` deletes its login for good",
          );
          return 0;
        });
    }),
};

async function confirm(alias: string, { interactive, ask }: Context): Promise<boolean | "unasked"> {
  return interactive ? ask(`Remove ${alias} and forget its login?`) : "unasked";
}

const unasked = (alias: string): string =>
  `removing "${alias}" forgets its login, and there is no terminal to ask on`;
