import { isAbsolute } from "node:path";
import {
  failure,
  messageOf,
  parseEnvironment,
  type EnvironmentIssue,
  type Failure,
} from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { CommandEntry, ExitCode } from "./command.ts";
import { commands } from "./commands/index.ts";
import type { Context } from "./context.ts";
import { closest } from "./present/closest.ts";
import { exitCodeOf, failureLines } from "./present/failures.ts";
import { commandHelp, overview } from "./present/help.ts";
import { parseUsage } from "./usage.ts";
import { VERSION } from "./version.ts";

/**
 * Runs one command line.
 *
 * @param args what follows the program's name
 * @returns the exit code; failures and bugs alike end as two lines on the error stream
 */
export async function run(args: readonly string[], context: Context): Promise<ExitCode> {
  try {
    const result = await dispatch(args, context);
    if (result.isOk()) return result.value;
    context.err.print(failureLines(result.error, context.err.colours));
    return exitCodeOf(result.error);
  } catch (thrown) {
    const bug = failure("INTERNAL_ERROR", messageOf(thrown), {});
    context.err.print(failureLines(bug, context.err.colours));
    return exitCodeOf(bug);
  }
}

async function dispatch(args: readonly string[], context: Context): Promise<Result<ExitCode, Failure>> {
  const [name, ...rest] = args;
  const asksHelp = name === undefined || name === "--help" || name === "-h" || name === "help";
  const called = asksHelp ? rest[0] : name;
  if (called === undefined) {
    context.out.print(overview(commands, VERSION, context.out.colours));
    return ok(0);
  }
  const entry = commands.find((candidate) => candidate.name === called || candidate.alias === called);
  if (!entry) return err(unknownCommand(called));
  return runCommand(entry, asksHelp ? ["--help"] : rest, context);
}

async function runCommand(
  { name, summary, load }: CommandEntry,
  args: readonly string[],
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const command = await load();
  const input = parseUsage(name, command, args);
  if (input.isErr()) return err(input.error);
  if (input.value === "help") {
    context.out.print(commandHelp({ name, summary, command }, context.out.colours));
    return ok(0);
  }
  const invalid = invalidEnvironment(context);
  return invalid ? err(invalid) : command.run(input.value, context);
}

/** A variable that is not what it must be stops everything: what it was meant to change would go unnoticed. */
function invalidEnvironment({ env }: Context): Failure | undefined {
  const issues = [...relativeFolders(env), ...parseEnvironment(env).issues];
  if (issues.length === 0) return undefined;
  const message = issues.map(({ variable, constraint }) => `${variable} must be ${constraint}`).join("; ");
  return failure("ENVIRONMENT_INVALID", message, { issues });
}

/** What lies in these folders would depend on where the command was called. */
const relativeFolders = (env: Context["env"]): EnvironmentIssue[] =>
  ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]
    .filter((variable) => env[variable] && !isAbsolute(env[variable]))
    .map((variable) => ({ variable, constraint: "an absolute path" }));

function unknownCommand(name: string): Failure {
  const near = closest(
    name,
    commands.map((entry) => entry.name),
  );
  const fix = near === undefined ? "see `oma --help`" : `did you mean \`oma ${near}\`?`;
  return failure("UNKNOWN_COMMAND", `there is no command "${name}"`, { name, fix });
}
