import { isEmptyDifference } from "@open-multi-auth/core-store";
import { createSnapshots, type Snapshot, type Snapshots } from "@open-multi-auth/core-store/node";
import { failure, type Failure } from "@open-multi-auth/domain";
import { systemRandom, type Pool } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import { planFor, restoreFrom } from "../backup/restore-snapshot.ts";
import { listSnapshots } from "../backup/list-snapshots.ts";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, withPool } from "../pool.ts";
import { differenceLines } from "../present/difference.ts";
import { usage } from "../usage.ts";

/** `oma restore [snapshot]` */
export const restoreCommand: Command = {
  arguments: [{ name: "snapshot", required: false }],
  options: {
    yes: { about: "do not ask" },
    json: { about: "print the snapshots as JSON" },
    forget: { about: "delete all snapshots, and the logins of removed accounts in them" },
  },
  examples: ["restore", "restore latest", "restore 2026-11-21T12-00-00.000Z --yes", "restore --forget"],
  run: (input, context) =>
    withPool(context, async (pool): Promise<Result<ExitCode, Failure>> => {
      const deps = { clock: context.clock, random: systemRandom, keys: pool.keys };
      const snapshots = createSnapshots(pool.paths.storeFile, deps);
      const [wanted] = input.words;
      if (input.flags.has("forget")) {
        if (wanted !== undefined)
          return err(usage("restore", "--forget deletes all snapshots; it takes no name"));
        return forget(snapshots, input, context);
      }
      const listed = await snapshots.list();
      if (listed.isErr()) return err(listed.error);
      if (wanted === undefined) return ok(listSnapshots(pool, listed.value, input, context));
      return restore(pool, listed.value, wanted, input, context);
    }),
};

async function restore(
  pool: Pool,
  snapshots: readonly Snapshot[],
  wanted: string,
  input: Input,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { out } = context;
  const index = wanted === "latest" ? 0 : snapshots.findIndex(({ id }) => id === wanted);
  const plan = planFor(snapshots, index, wanted);
  if (plan.isErr()) return err(plan.error);
  const { difference } = plan.value(pool.store.state());
  if (isEmptyDifference(difference)) {
    out.print("nothing to restore: all is as it was then");
    return ok(0);
  }
  context.err.print(["this would change:", ...differenceLines(difference, context.err.colours)].join("\n"));
  const confirmed = await confirm("Restore?", input, context);
  if (confirmed.isErr()) return err(confirmed.error);
  if (!confirmed.value) {
    out.print("nothing was restored");
    return ok(1);
  }
  const store = pool.audited({ actor: actorOf(context), action: "backup.restore" });
  const restored = await restoreFrom(store, plan.value);
  return restored.map(() => {
    out.print("restored; `oma restore latest` takes it back");
    return 0;
  });
}

async function forget(
  snapshots: Snapshots,
  input: Input,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const confirmed = await confirm("Delete all snapshots for good?", input, context);
  if (confirmed.isErr()) return err(confirmed.error);
  if (!confirmed.value) {
    context.out.print("nothing was deleted");
    return ok(1);
  }
  return snapshots.clear().map((count) => {
    context.out.print(`${count} ${count === 1 ? "snapshot" : "snapshots"} deleted`);
    return 0;
  });
}

async function confirm(
  question: string,
  { flags }: Input,
  { interactive, ask }: Context,
): Promise<Result<boolean, Failure>> {
  if (flags.has("yes")) return ok(true);
  if (interactive) return ok(await ask(question));
  return err(failure("CONFIRMATION_NEEDED", "this needs a yes, and there is no terminal to ask on", {}));
}
