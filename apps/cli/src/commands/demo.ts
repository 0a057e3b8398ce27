import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Failure } from "@open-multi-auth/domain";
import { err, ok, okAsync, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { CAST } from "../demo/conversation.ts";
import { runDemo } from "../demo/demo.ts";
import { openCodeBinary } from "../demo/open-code-binary.ts";

/** `oma demo` */
export const demoCommand: Command = {
  arguments: [],
  options: {
    opencode: { value: "file", about: "use this OpenCode instead of fetching one" },
    once: { about: "end after the conversation, also on a terminal" },
  },
  examples: ["demo", "demo --once"],
  run: ({ flags, values }, context) => demo(values.get("opencode"), flags.has("once"), context),
};

async function demo(
  given: string | undefined,
  once: boolean,
  context: Context,
): Promise<Result<ExitCode, Failure>> {
  const { env, out, err: errors } = context;
  // The build puts a copy of the plugin beside this program.
  const plugin = fileURLToPath(new URL("plugin.js", import.meta.url));
  const cache = join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "open-multi-auth");
  const binary = await (given === undefined
    ? openCodeBinary({ cache, env, progress: (line) => errors.print(line) })
    : okAsync(given));
  if (binary.isErr()) return err(binary.error);

  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  const status = await runDemo({
    binary: binary.value,
    plugin,
    cast: CAST,
    colours: out.colours,
    interactive: context.interactive && !once,
    print: (line) => out.print(line),
    signal: ending.signal,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, end);
  return ok(status);
}
