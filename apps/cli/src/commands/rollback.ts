import { changeSettings, failure, resetSettings, type Failure } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { readJournal } from "../opencode/journal.ts";
import { actorOf, withPool } from "../pool.ts";
import { readPromotion, type Promotion } from "../promote/promotion.ts";
import { fetchVersion } from "../rollback/fetch-version.ts";
import { aliasesIn, runProgram, verify, type Check } from "../rollback/verify.ts";
import { VERSION } from "../version.ts";

type RollbackError =
  /** Nobody said which version; the person names one. */
  | Failure<"ROLLBACK_TARGET_UNKNOWN">
  /** The earlier version is in place, and one of the commands that prove it failed. */
  | Failure<"ROLLBACK_UNVERIFIED", { fix: string }>;

/** What is left to do once the pool is closed and the other version may open it. */
interface Prepared {
  readonly program: string;
  readonly version: string;
  readonly aliases: readonly string[];
  readonly active: string | null;
  readonly isInstalled: boolean;
}

/** `oma rollback [version]` */
export const rollbackCommand: Command = {
  arguments: [{ name: "version", required: false }],
  options: { "keep-settings": { about: "leave the settings as they are now" } },
  examples: ["rollback", "rollback 0.1.0", "rollback 0.1.0 --keep-settings"],
  async run({ words, flags }, context) {
    const prepared = await withPool(context, (pool) =>
      prepare(pool, words[0], flags.has("keep-settings"), context),
    );
    return prepared.isErr() ? err(prepared.error) : handOver(prepared.value, context);
  },
};

async function prepare(
  pool: Pool,
  asked: string | undefined,
  keepsSettings: boolean,
  context: Context,
): Promise<Result<Prepared, Failure>> {
  const { folder } = pool.paths;
  const promotion = await readPromotion(folder);
  if (promotion.isErr()) return err(promotion.error);
  const previous = promotion.value?.previous;
  const version = asked ?? previous?.version;
  if (version === undefined) return err(targetUnknown());
  const fetching = fetchVersion(version, folder, context.env);
  const program = await context.progress(`fetching open-multi-auth ${version}`, fetching);
  if (program.isErr()) return err(program.error);
  context.out.print(`✓ fetched open-multi-auth ${version}`);
  if (previous !== undefined && !keepsSettings) {
    const restored = await restoreSettings(pool, previous, context);
    if (restored.isErr()) return err(restored.error);
    context.out.print("✓ settings are as they were before the promotion");
  }
  const { accounts, activeAlias } = pool.state();
  const isInstalled = (await readJournal(folder)).length > 0;
  return ok({
    program: program.value,
    version,
    aliases: Object.keys(accounts),
    active: activeAlias,
    isInstalled,
  });
}

/** Settings alone: logins are newer now than any copy of them. */
const restoreSettings = (pool: Pool, { settings }: Promotion["previous"], context: Context) =>
  pool
    .audited({ actor: actorOf(context), action: "settings.change", reason: `rollback from ${VERSION}` })
    .update((store) => changeSettings(resetSettings(store), settings));

/** From here on the earlier version acts, on the same accounts. */
async function handOver(prepared: Prepared, context: Context): Promise<Result<ExitCode, Failure>> {
  const { program, version, aliases, active, isInstalled } = prepared;
  const { env, out } = context;
  const installed = isInstalled
    ? [await context.progress("putting its plugin in place", runProgram(program, ["install"], env))]
    : [];
  const checks = [...installed, ...(await context.progress("trying it out", verify(program, active, env)))];
  for (const check of checks) out.print(checkText(check));
  const listed = aliasesIn(checks.find(({ command }) => command === "list --json")?.output ?? "");
  const lost = aliases.filter((alias) => !listed.has(alias));
  const failed = checks.filter(({ isGood }) => !isGood).map(({ command }) => `\`${command}\` failed`);
  const wrong = [...failed, ...(lost.length === 0 ? [] : [`it does not see ${lost.join(", ")}`])];
  if (wrong.length > 0) return err(unverified(version, wrong));
  out.print(`✓ it has all ${aliases.length} accounts; no login was touched`);
  out.print(
    `open-multi-auth ${version} is in place; \`npm install -g open-multi-auth@${version}\` makes it your \`oma\``,
  );
  return ok(0);
}

const checkText = ({ command, isGood, ms, output }: Check): string =>
  isGood ? `✓ oma ${command} (${ms} ms)` : `✗ oma ${command}: ${output}`;

const targetUnknown = (): RollbackError =>
  failure("ROLLBACK_TARGET_UNKNOWN", "no version to go back to is known", {});

function unverified(version: string, wrong: readonly string[]): RollbackError {
  const fix = `your accounts are as they were; \`oma doctor\` looks for what is amiss, and \`oma install\` puts ${VERSION} back`;
  return failure(
    "ROLLBACK_UNVERIFIED",
    `version ${version} is in place and does not work as it should: ${wrong.join("; ")}`,
    { fix },
  );
}
