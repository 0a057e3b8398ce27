import { systemContext } from "./system-context.ts";
import { run } from "./run.ts";

/** Runs the command line of this process and leaves its exit code behind. */
export async function start(): Promise<void> {
  // `oma list | head` closes the pipe early; that is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await run(process.argv.slice(2), systemContext());
}
