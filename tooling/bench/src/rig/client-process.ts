import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import type { Runtime } from "../runtimes.ts";

/** Where a client runs, and with what in its environment. */
export interface ClientOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A command that the runtime is started by, for example a tracer. */
  readonly prefix?: readonly string[];
}

/**
 * Runs a file of `src/client` in a process of its own.
 *
 * @returns what it printed, parsed
 * @throws when it fails or prints something else: then there is no figure, and the reason must be seen
 */
export async function runClient<Outcome>(
  runtime: Runtime,
  client: string,
  task: unknown,
  { env = {}, prefix = [] }: ClientOptions = {},
): Promise<Outcome> {
  const file = fileURLToPath(new URL(`../client/${client}.ts`, import.meta.url));
  const command = [runtime.path, "--conditions=@open-multi-auth/source", file, JSON.stringify(task)];
  return JSON.parse(await outputOf([...prefix, ...command], { ...process.env, ...env })) as Outcome;
}

/** The standard output of a command that must succeed; its errors go where ours go. */
export async function outputOf(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string = process.cwd(),
): Promise<string> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { env, cwd, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(String(code ?? signal)));
  });
  const [how, output] = await Promise.all([ended, text(child.stdout)]);
  if (how !== "0") throw new Error(`${command.slice(0, 4).join(" ")} ended with ${how}`);
  return output;
}
