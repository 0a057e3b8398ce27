import type { Failure, ForceView } from "@open-multi-auth/domain";
import { poolControl, type PoolControl } from "@open-multi-auth/runtime-node";
import { errAsync, ok, okAsync, type ResultAsync } from "neverthrow";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, withPool } from "../pool.ts";
import { forceText } from "../present/force.ts";
import { usage } from "../usage.ts";

/** `oma force [alias]` */
export const forceCommand: Command = {
  arguments: [{ name: "alias", required: false }],
  options: {
    clear: { about: "force no account any more; the strategy holds again" },
    json: { about: "print the state as JSON" },
  },
  examples: ["force", "force work", "force --clear"],
  run: (input, context) =>
    withPool(context, (pool) => {
      const control = poolControl(pool, actorOf(context));
      return done(input, control, context).map((text): ExitCode => {
        const json = JSON.stringify({ force: control.force() }, null, 2);
        context.out.print(input.flags.has("json") ? json : text);
        return 0;
      });
    }),
};

/** Does what was asked for; the text says how it stands then. */
function done(
  { words: [alias], flags }: Input,
  control: PoolControl,
  context: Context,
): ResultAsync<string, Failure> {
  const now = context.clock.now();
  const before = control.force();
  if (flags.has("clear")) {
    if (alias !== undefined) return errAsync(usage("force", "--clear takes no alias: at most one is forced"));
    return control
      .clearForce()
      .map(({ alias: was, restoredStrategy }) =>
        was === null
          ? `no account was forced; strategy ${restoredStrategy}`
          : `${was} is not forced any more; strategy ${restoredStrategy}`,
      );
  }
  if (alias === undefined) return okAsync(forceText(before, now));
  return control
    .activateForce(alias)
    .andThen((after) => ok(forcedText(before, after, forceText(after, now))));
}

function forcedText(before: ForceView, after: ForceView, text: string): string {
  if (before.alias !== after.alias) return text;
  return `${text}\nit was forced before; its end stays where the first activation put it`;
}
