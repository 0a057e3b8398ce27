import { failure, parseEnvironment, type Failure } from "@open-multi-auth/domain";
import { poolPaths, type PoolPaths } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import { dirname } from "node:path";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { applyPlan } from "../opencode/apply-plan.ts";
import { allSites } from "../opencode/config-files.ts";
import { readJournal, type JournalEntry } from "../opencode/journal.ts";
import { listedPlugins } from "../opencode/listed.ts";
import { ownSpecs, PLUGIN_NAME, pluginSpec } from "../opencode/own-specs.ts";
import { removePlaceholder } from "../opencode/placeholder.ts";
import { planRemoval, type ConfigFile } from "../opencode/plan.ts";
import { readConfigs } from "../opencode/read-configs.ts";
import { TOOL } from "../opencode/tool-argument.ts";
import { diffText } from "../present/diff.ts";

/** `oma uninstall [opencode|codex]` */
export const uninstallCommand: Command = {
  arguments: [TOOL],
  options: { "dry-run": { about: "show what would be written" } },
  examples: ["uninstall", "uninstall codex", "uninstall --dry-run"],
  run: async (input, context) => {
    const { flags, words } = input;
    if (words[0] === "codex")
      return (await import("../codex/install-codex.ts")).uninstallCodex(input, context);
    const gateway = await (await import("../opencode/install-gateway.ts")).uninstallGateway(input, context);
    if (gateway?.isErr() === true) return gateway;
    const paths = poolPaths(context.env, parseEnvironment(context.env));
    const journal = await readJournal(paths.folder);
    const isOurs = ownSpecs([pluginSpec(import.meta.dirname), ...journal.map(({ spec }) => spec)]);
    const files = (await readConfigs(placesToLook(context, journal))).map((read) => read.filter(mayName));
    const plan = files.andThen((read) => planRemoval(read, { isOurs, journal }));
    if (plan.isErr()) return err(plan.error);
    const { changes } = plan.value;
    if (flags.has("dry-run")) {
      const { colours } = context.out;
      context.out.print(changes.map((change) => diffText(change, colours)).join("\n") || "nothing to change");
      return ok<ExitCode>(0);
    }
    const applied = await applyPlan({ changes, journal: [] }, paths.folder);
    if (applied.isErr()) return err(applied.error);
    for (const { path, after } of changes)
      context.out.print(`${after === null ? "removed" : "wrote"} ${path}`);
    return forgetPlaceholder(paths, changes.length > 0 || gateway !== undefined, isOurs, context);
  },
};

function placesToLook({ env, cwd }: Context, journal: readonly JournalEntry[]): string[] {
  return [...allSites(env, cwd).flatMap(({ files }) => files), ...journal.map(({ path }) => path)];
}

/** A file that cannot name us is none of our business, not even if it is malformed. */
function mayName({ text }: ConfigFile): boolean {
  return text === null || text.includes(PLUGIN_NAME) || text.includes("plugin.js");
}

async function forgetPlaceholder(
  { openCodeAuthFile }: PoolPaths,
  wasInstalled: boolean,
  isOurs: ReturnType<typeof ownSpecs>,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const removed = await removePlaceholder(openCodeAuthFile);
  if (removed.isErr()) return err(removed.error);
  if (removed.value) context.out.print(`removed the plugin's placeholder from ${openCodeAuthFile}`);
  if (!wasInstalled && !removed.value) context.out.print("the plugin was not installed");
  else context.out.print("the accounts are kept; `oma remove` forgets them");
  return prove(isOurs, context);
}

async function prove(
  isOurs: ReturnType<typeof ownSpecs>,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const listing = await context.progress("asking OpenCode what it loads", listedPlugins(context));
  if (listing.kind !== "listed") return ok(0);
  const left = listing.plugins.find(({ spec, source }) => isOurs(dirname(source ?? context.cwd))(spec));
  if (!left) return ok(0);
  const where = left.source ?? "an unknown place";
  return err(
    failure("STILL_LISTED", `OpenCode still lists ${left.spec}, named in ${where}`, {
      fix: `take the entry out of \`plugin\` in ${where}`,
    }),
  );
}
