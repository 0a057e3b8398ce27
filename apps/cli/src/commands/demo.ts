import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ResultAsync, type Result } from "neverthrow";
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

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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
    : executable(resolve(context.cwd, given)));
  if (binary.isErr()) return err(binary.error);

  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await runDemo({
      binary: binary.value,
      plugin,
      cast: CAST,
      colours: out.colours,
      ...(context.interactive && !once && { keys: process.stdin }),
      print: (line) => out.print(line),
      signal: ending.signal,
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

type NotExecutable = Failure<"OPENCODE_NOT_EXECUTABLE", { path: string; fix: string }>;

function executable(path: string): ResultAsync<string, NotExecutable> {
  const fix = "give --opencode the file of an OpenCode, or leave it out to have one fetched";
  return ResultAsync.fromPromise(access(path, constants.X_OK), () =>
    failure("OPENCODE_NOT_EXECUTABLE", `${path} is not a program that you can run`, { path, fix }),
  ).map(() => path);
}
