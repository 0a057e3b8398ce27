import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const PATIENCE_MS = 2_000;

/** Ends a child, at first politely. With `group` everything that it started ends too. */
export async function stopProcess(child: ChildProcess, { group }: { group: boolean }): Promise<void> {
  if (hasEnded(child)) return;
  const closed = once(child, "close");
  kill(child, "SIGTERM", group);
  const patience = setTimeout(() => kill(child, "SIGKILL", group), PATIENCE_MS);
  await closed;
  clearTimeout(patience);
  if (group) kill(child, "SIGKILL", group);
}

/** Sends a signal; one that comes too late does nothing. */
export function kill({ pid }: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(group && process.platform !== "win32" ? -pid : pid, signal);
  } catch {
    // It has ended already.
  }
}

/** One that could not be started has no pid, and its end was told before. */
const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null;
