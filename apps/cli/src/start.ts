import { useEnvironmentProxy } from "@open-multi-auth/runtime-node";
import { systemContext } from "./system-context.ts";
import { run } from "./run.ts";

/** Runs the command line of this process and leaves its exit code behind. */
export async function start(): Promise<void> {
  useEnvironmentProxy(process.env);
  let lost = false;
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    // `oma list | head` closes the pipe early; that is no failure of ours.
    if (code === "EPIPE" || lost) return;
    lost = true;
    process.exitCode = 1;
    process.stderr.write(
      `error OUTPUT_LOST: the output cannot be written (${code})\nfix: check where it goes\n`,
    );
  });
  // Whoever has closed the terminal or the pipe reads no complaint about it either.
  process.stderr.on("error", () => {});
  const code = await run(process.argv.slice(2), systemContext());
  process.exitCode = lost ? 1 : code;
}
