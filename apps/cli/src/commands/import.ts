import type { ImportedLogin } from "@open-multi-auth/auth-oauth";
import { parseAlias, type Alias, type Failure } from "@open-multi-auth/domain";
import { linkLogin, type LoginLinked, type Pool } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { EARLIER_PLUGINS } from "../import/earlier-places.ts";
import { findLogins } from "../import/find-logins.ts";
import { findEarlierStore, importEarlier } from "../import/import-earlier.ts";
import { actorOf, withPool } from "../pool.ts";
import { plain } from "../present/text.ts";

/** `oma import` */
export const importCommand: Command = {
  arguments: [],
  options: {
    from: {
      value: `codex|opencode|${EARLIER_PLUGINS.join("|")}|path`,
      about: "whose login, which earlier plugin's store, or which file (default: codex, else opencode)",
    },
    alias: { value: "alias", about: "what to call the account (default: made of its e-mail address)" },
    "dry-run": { about: "say what would be done" },
  },
  examples: [
    "import",
    "import --from opencode --alias private",
    "import --from /mnt/backup/auth.json",
    "import --from baseline --dry-run",
  ],
  run: async ({ flags, values }, context) => {
    const alias = parseOptionalAlias(values.get("alias"));
    if (alias.isErr()) return err(alias.error);
    return withPool(context, async (pool) => {
      const dryRun = flags.has("dry-run");
      const store = await findEarlierStore(values.get("from"), context);
      if (store !== undefined) {
        return importEarlier(pool, store, { aliasGiven: alias.value !== undefined, dryRun }, context);
      }
      const logins = await findLogins(values.get("from"), pool.paths, context);
      if (logins.isErr()) return err(logins.error);
      return linkAll(pool, logins.value, { alias: alias.value, dryRun }, context);
    });
  },
};

function parseOptionalAlias(text: string | undefined): Result<Alias | undefined, Failure> {
  return text === undefined ? ok(undefined) : parseAlias(text);
}

interface Wishes {
  readonly alias: Alias | undefined;
  readonly dryRun: boolean;
}

async function linkAll(
  pool: Pool,
  logins: readonly ImportedLogin[],
  wishes: Wishes,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { out, clock } = context;
  const store = pool.audited({ actor: actorOf(context), action: "account.link" });
  for (const login of logins) {
    const linked = await linkLogin(store, login, { ...wishes, now: clock.now() });
    if (linked.isErr()) return err(linked.error);
    const report = sentence(linked.value, wishes);
    out.print(wishes.dryRun ? `would do: ${report}` : report);
  }
  return ok(0);
}

function sentence({ alias, email, outcome }: LoginLinked, wishes: Wishes): string {
  const who = email === undefined ? alias : `${alias} (${plain(email)})`;
  if (outcome === "added") return `${who} is linked`;
  const name = wishes.alias === undefined || wishes.alias === alias ? "" : `; it keeps its alias ${alias}`;
  return outcome === "updated"
    ? `${who} is linked already; its login is renewed${name}`
    : `${who} is linked already, with a login at least as new; nothing to renew${name}`;
}
