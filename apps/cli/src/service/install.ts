import type { Failure } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import type { ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { changeFile } from "../files/change-file.ts";
import { DONE } from "./done.ts";
import { keptEnvironment } from "./kept-environment.ts";
import type { ServiceManager, ServiceName } from "./service.ts";
import { readUnit } from "./unit-file.ts";

/** What is to be kept running. */
export interface InstallWish {
  readonly name: ServiceName;
  readonly program: readonly string[];
  readonly port?: string;
  readonly isDryRun: boolean;
}

/** Writes a service's file, and has the service started now and at every login. */
export async function installService(
  { name, program, port, isDryRun }: InstallWish,
  manager: ServiceManager,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { kept, left } = keptEnvironment(context.env);
  const command = [...program, ...ARGUMENTS[name], ...(port === undefined ? [] : ["--port", port])];
  const path = manager.path(name);
  const after = manager.text({ name, command, environment: kept });
  note(program, left, context);
  if (isDryRun) {
    context.err.print(`would be written to ${path}:`);
    context.out.print(after.trimEnd());
    return DONE;
  }
  const before = await readUnit(path);
  if (before.isErr()) return err(before.error);
  // Asked first, so that nothing is written where nobody would read it.
  const reached = await manager.reach();
  if (reached.isErr()) return err(reached.error);
  if (before.value !== after) {
    const changed = await changeFile({ path, before: before.value, after, mode: 0o600 });
    if (changed.isErr()) return err(changed.error);
    context.out.print(`wrote ${path}`);
  }
  return (await manager.start(name)).map(() => {
    context.out.print(`the ${name} runs from now on`);
    context.err.print(`note: ${manager.hint(name)}`);
    return 0;
  });
}

const ARGUMENTS: Readonly<Record<ServiceName, readonly string[]>> = {
  gateway: ["gateway"],
  dashboard: ["dashboard", "--no-open"],
};

function note(program: readonly string[], left: readonly string[], { err: notes }: Context): void {
  for (const name of left)
    notes.print(
      `note: ${name} is not given to the service, whose file is no place for it; a store with its key in the keychain needs none`,
    );
  if (program.some((path) => /[\\/]_npx[\\/]/.test(path)))
    notes.print(
      "note: npx may clear this program away at any time; `npm install -g open-multi-auth` keeps it",
    );
}
