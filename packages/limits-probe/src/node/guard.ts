import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Ends the group and removes the home once its input closes without a word of farewell: that is how it learns that the
 * process it guards for was killed. Plain text, since a bundled program has no second file to start.
 */
const GUARD = `
const [home] = process.argv.slice(-1);
let said = "";
process.stdin.setEncoding("utf8").on("data", (text) => { said += text; }).on("end", () => {
  if (said.endsWith("done\\n")) return;
  const pid = parseInt(said, 10);
  try { if (pid > 1) process.kill(-pid, "SIGKILL"); } catch {}
  require("node:fs").rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});`;

/** A helper process that outlives this one just long enough to clean up after it. */
export interface Guard {
  /** Names the process group to end. */
  watch(pid: number): void;
  /** Everything is cleaned up already; resolves when the helper is gone. */
  release(): Promise<void>;
}

/** Starts the guard of a home; where it cannot start, there is none, and a later run sweeps. */
export function startGuard(home: string, env: Readonly<Record<string, string>>): Guard {
  // Detached, so that the Ctrl+C which ends this process does not end its guard.
  const child = spawn(process.execPath, ["-e", GUARD, home], {
    detached: true,
    env: { ...env },
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = once(child, "close").catch(() => undefined);
  child.stdin.on("error", () => undefined);
  return {
    watch: (pid) => void child.stdin.write(`${pid}\n`),
    async release() {
      child.stdin.end("done\n");
      await gone;
    },
  };
}
