import { ok } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import { withPool } from "../pool.ts";
import { overview } from "../status/overview.ts";
import { snapshotJson, snapshotOf } from "../status/snapshot.ts";
import { watchStatus } from "../status/watch.ts";

/** `oma status` */
export const statusCommand: Command = {
  arguments: [],
  options: {
    json: { about: "print the accounts as JSON; with --watch a line whenever something has changed" },
    watch: { about: "go on showing it, and keep the limits fresh, until Ctrl+C" },
  },
  examples: ["status", "status --json", "status --watch"],
  run: ({ flags }, context) =>
    withPool(context, async (pool) => {
      if (flags.has("watch")) {
        await watchStatus(pool, context, flags.has("json"));
        return ok<ExitCode>(0);
      }
      const snapshot = snapshotOf(pool, context.clock.now());
      const { out } = context;
      out.print(
        flags.has("json") ? JSON.stringify(snapshotJson(snapshot), null, 2) : overview(snapshot, out.colours),
      );
      const { accounts } = snapshot;
      const isStuck = accounts.length > 0 && !accounts.some(({ eligibility }) => eligibility.eligible);
      return ok<ExitCode>(isStuck ? 3 : 0);
    }),
};
