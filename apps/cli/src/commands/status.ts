import type { AccountView, EpochMs } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import { withPool } from "../pool.ts";
import { NO_ACCOUNTS } from "../present/no-accounts.ts";
import { statusText } from "../present/status.ts";
import type { Colours } from "../present/colours.ts";

/** `oma status` */
export const statusCommand: Command = {
  arguments: [],
  options: { json: { about: "print the accounts as JSON" } },
  examples: ["status", "status --json"],
  run: ({ flags }, context) =>
    withPool(context, (pool) => {
      const accounts = pool.views();
      context.out.print(
        flags.has("json")
          ? JSON.stringify({ accounts }, null, 2)
          : overview(accounts, context.clock.now(), context.out.colours),
      );
      const isStuck = accounts.length > 0 && !accounts.some(({ eligibility }) => eligibility.eligible);
      return ok<ExitCode>(isStuck ? 3 : 0);
    }),
};

function overview(accounts: readonly AccountView[], now: EpochMs, colours: Colours): string {
  if (accounts.length === 0) return NO_ACCOUNTS;
  const ready = accounts.filter(({ eligibility }) => eligibility.eligible).length;
  return [
    ...accounts.map((view) => `${statusText(view, now, colours)}\n`),
    `${ready} of ${accounts.length} accounts can serve now`,
  ].join("\n");
}
