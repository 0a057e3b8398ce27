import { ok } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import { withPool } from "../pool.ts";
import { aliasText, known, remainingText, stateText } from "../present/account.ts";
import { NO_ACCOUNTS } from "../present/no-accounts.ts";
import { table } from "../present/text.ts";
import { spokenInstant } from "../present/time.ts";

/** `oma list` */
export const listCommand: Command = {
  arguments: [],
  options: { json: { about: "print the accounts as JSON" } },
  examples: ["list", "list --json"],
  run: ({ flags }, context) =>
    withPool(context, (pool) => {
      const { out, clock } = context;
      const accounts = pool.views();
      const now = clock.now();
      const { colours } = out;
      if (flags.has("json")) out.print(JSON.stringify({ accounts }, null, 2));
      else if (accounts.length === 0) out.print(NO_ACCOUNTS);
      else {
        const rows = accounts.map((view) => [
          aliasText(view, colours),
          known(view.email),
          known(view.planType),
          remainingText(view, "fiveHour"),
          remainingText(view, "weekly"),
          view.lastUsed === undefined ? "never" : spokenInstant(view.lastUsed, now),
          stateText(view, now, colours),
        ]);
        const head = ["ALIAS", "E-MAIL", "PLAN", "5 H LEFT", "WEEK LEFT", "USED", "STATE"];
        out.print(table([head.map((title) => colours.dim(title)), ...rows]));
      }
      return ok<ExitCode>(0);
    }),
};
