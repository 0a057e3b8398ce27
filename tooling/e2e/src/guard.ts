import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

let guard: ChildProcess | undefined;

/**
 * Has a helper process end the group should this process die without doing so, however that happens: the helper
 * sees its input close, even after a SIGKILL.
 *
 * @returns Takes the group off the helper's list.
 */
export function guardGroup(pid: number): () => void {
  const { stdin } = (guard ??= startGuard());
  stdin?.write(`+${pid}\n`);
  return () => stdin?.write(`-${pid}\n`);
}

function startGuard(): ChildProcess {
  const main = fileURLToPath(new URL("./guard-main.ts", import.meta.url));
  // Detached, so that a Ctrl-C meant for the test run does not end the guard first.
  const child = spawn(process.execPath, [main], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
  // A pipe to a child keeps the event loop alive unless it is told not to.
  (child.stdin as { unref?: () => void } | null)?.unref?.();
  return child;
}
