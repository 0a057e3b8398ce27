import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { guardGroup } from "./guard.ts";

/** How a process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A started program with everything it starts itself. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Asks the whole group to end with `signal`, and makes it after `graceMs`. */
  stop(signal: NodeJS.Signals, graceMs?: number): Promise<Ending>;
}

/** Starts a program in a process group of its own, which never outlives this process. */
export function startProcessGroup(
  file: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): ProcessGroup {
  const child = spawn(file, args, {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const release = child.pid === undefined ? () => undefined : guardGroup(child.pid);
  const ended = endingOf(child).finally(() => {
    signalGroup(child, "SIGKILL");
    release();
  });
  return { child, ended, stop: (signal, graceMs = 2_000) => stop({ child, ended }, signal, graceMs) };
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  const [exitCode, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { exitCode, signal };
}

async function stop(
  { child, ended }: Pick<ProcessGroup, "child" | "ended">,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<Ending> {
  signalGroup(child, signal);
  const patience = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
  return ended.finally(() => clearTimeout(patience));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
