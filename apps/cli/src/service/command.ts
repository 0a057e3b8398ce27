import type { Failure } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import type { Command, ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { usage } from "../usage.ts";
import { installService } from "./install.ts";
import { managerOf, type System } from "./manager-of.ts";
import type { RunProgram } from "./run-program.ts";
import { SERVICE_NAMES, type ServiceManager, type ServiceName } from "./service.ts";
import { showServices } from "./status.ts";
import { uninstallServices } from "./uninstall.ts";

const VERBS = ["install", "uninstall", "status"] as const;

/** What the command is made of. */
export interface ServiceDeps extends Pick<System, "platform" | "uid"> {
  /** Node and the command line's file, by absolute paths. */
  readonly program: readonly string[];
  readonly programs: (env: Context["env"]) => RunProgram;
}

/** Builds the command that keeps the gateway, or the dashboard, running. */
export function createService(deps: ServiceDeps): Command {
  return {
    arguments: [
      { name: "verb", required: true, choices: VERBS },
      { name: "service", required: false, choices: SERVICE_NAMES },
    ],
    options: {
      port: { value: "number", about: "install: the port that the service listens on" },
      "dry-run": { about: "install: print the file that would be written" },
      json: { about: "status: print it as JSON" },
    },
    examples: [
      "service install",
      "service install dashboard --port 8080",
      "service status",
      "service uninstall",
    ],
    run: async (input, context) => {
      const wrong = misplaced(input);
      if (wrong !== undefined) return err(usage("service", wrong));
      const { platform, uid } = deps;
      const manager = managerOf({ platform, uid, env: context.env, run: deps.programs(context.env) });
      return manager.isErr() ? err(manager.error) : act(input, manager.value, deps, context);
    },
  };
}

function act(
  input: Input,
  manager: ServiceManager,
  { program }: ServiceDeps,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const [verb, service] = input.words;
  const named = SERVICE_NAMES.find((name) => name === service);
  const names: readonly ServiceName[] = named === undefined ? SERVICE_NAMES : [named];
  if (verb === "status") return showServices(names, { manager, asJson: input.flags.has("json") }, context);
  if (verb === "uninstall") return uninstallServices(names, manager, context);
  const port = input.values.get("port");
  return installService(
    {
      name: named ?? "gateway",
      program,
      ...(port !== undefined && { port }),
      isDryRun: input.flags.has("dry-run"),
    },
    manager,
    context,
  );
}

function misplaced({ words: [verb], flags, values }: Input): string | undefined {
  const port = values.get("port");
  if (verb !== "install" && (port !== undefined || flags.has("dry-run")))
    return "--port and --dry-run are for `service install`";
  if (verb !== "status" && flags.has("json")) return "--json is for `service status`";
  if (port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return undefined;
  return "--port must be a number from 1 to 65535";
}
