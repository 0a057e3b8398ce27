import { failure, parseEnvironment, type Failure } from "@open-multi-auth/domain";
import { poolPaths } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { applyPlan } from "../opencode/apply-plan.ts";
import { targetSite } from "../opencode/config-files.ts";
import { readJournal } from "../opencode/journal.ts";
import { listedPlugins } from "../opencode/listed.ts";
import { ownSpecs, pluginSpec } from "../opencode/own-specs.ts";
import { planInstall, type Plan } from "../opencode/plan.ts";
import { readConfigs } from "../opencode/read-configs.ts";
import { TOOL } from "../opencode/tool-argument.ts";
import { diffText } from "../present/diff.ts";
import { PORT_OPTION } from "../gateway/port.ts";
import { usage } from "../usage.ts";

/** `oma install [opencode|codex]` */
export const installCommand: Command = {
  arguments: [TOOL],
  options: {
    global: { about: "your own configuration, whatever OPENCODE_CONFIG says" },
    project: { about: "the configuration of the project in this folder" },
    gateway: { about: "have OpenCode's own provider ask `oma gateway`, instead of the plugin" },
    port: PORT_OPTION,
    "dry-run": { about: "show what would be written" },
  },
  examples: [
    "install",
    "install opencode --project",
    "install opencode --gateway",
    "install codex --dry-run",
  ],
  run: async (input, context) => {
    const { flags, words } = input;
    const wantsGateway = words[0] === "codex" || flags.has("gateway");
    if (wantsGateway && flags.has("project"))
      return err(
        usage("install", "a key of the gateway does not belong into a project: leave out --project"),
      );
    if (words[0] === "codex") return (await import("../codex/install-codex.ts")).installCodex(input, context);
    if (wantsGateway) return (await import("../opencode/install-gateway.ts")).installGateway(input, context);
    if (flags.has("global") && flags.has("project")) {
      return err(usage("install", "--global and --project exclude each other"));
    }
    const scope = flags.has("project") ? "project" : flags.has("global") ? "global" : "default";
    const spec = pluginSpec(import.meta.dirname);
    const { folder } = poolPaths(context.env, parseEnvironment(context.env));
    const site = targetSite(scope, context.env, context.cwd);
    const journal = await readJournal(folder);
    const isOurs = ownSpecs([spec, ...journal.map((entry) => entry.spec)]);
    const files = await readConfigs(site.files);
    const plan = files.andThen((read) => planInstall(site, read, spec, { isOurs, journal }));
    if (plan.isErr()) return err(plan.error);
    if (flags.has("dry-run")) return preview(plan.value, context);
    const applied = await applyPlan(plan.value, folder);
    if (applied.isErr()) return err(applied.error);
    report(plan.value, spec, context);
    return prove(spec, context);
  },
};

function preview({ changes }: Plan, { out }: Context): Result<ExitCode, Failure> {
  out.print(changes.map((change) => diffText(change, out.colours)).join("\n") || "nothing to change");
  return ok(0);
}

function report({ changes }: Plan, spec: string, { out }: Context): void {
  for (const { path } of changes) out.print(`wrote ${path}`);
  out.print(changes.length > 0 ? `plugin ${spec}` : `plugin ${spec} is installed already`);
}

/** That a file says so is not enough: another one may win. Only OpenCode knows what it will load. */
async function prove(spec: string, context: Context): Promise<Result<ExitCode, Failure>> {
  const listing = await context.progress("asking OpenCode what it loads", listedPlugins(context));
  switch (listing.kind) {
    case "no-opencode":
      context.out.print("not proven: there is no `opencode` on the PATH to ask whether it lists the plugin");
      return ok(0);
    case "failed":
      return err(
        failure("OPENCODE_FAILED", listing.why, { fix: "run `opencode debug config --pure` to see why" }),
      );
    case "listed":
      break;
    default:
      return listing satisfies never;
  }
  if (!listing.plugins.some((plugin) => plugin.spec === spec)) {
    return err(failure("NOT_LISTED", "OpenCode does not list the plugin after it was installed", { spec }));
  }
  context.out.print("proven: `opencode debug config` lists it");
  return ok(0);
}
