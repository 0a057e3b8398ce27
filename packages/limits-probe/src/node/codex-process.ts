import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Timers } from "../ports.ts";
import { startGuard } from "./guard.ts";
import type { ProbeHome } from "./probe-home.ts";

/** After SIGINT, on which the Codex CLI still writes its session file. */
const GRACE_MS = 2_000;

/** How a run ended; `failedToStart` names the fault where it never began. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly failedToStart?: string;
}

/** A run of the Codex CLI with everything that it starts. */
export interface CodexProcess {
  /** Absent where its input is closed from the start. */
  readonly stdin: Writable | null;
  /** Absent where it never began. */
  readonly stdout: Readable | null;
  readonly ended: Promise<Ending>;
  /** Interrupts the whole group, and kills it soon after. */
  readonly stop: () => void;
  readonly wasStopped: () => boolean;
}

/** How a run is started and bounded. */
export interface CodexRun {
  readonly binary: string;
  readonly args: readonly string[];
  readonly home: ProbeHome;
  readonly stdin: "pipe" | "ignore";
  /** By the wall clock: the Codex CLI itself may wait without end. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly timers: Timers;
}

/**
 * Starts the Codex CLI in a process group of its own, since its launcher leaves the real program behind when it is
 * killed. Nothing of it outlives `ended`, nor this process.
 */
export function startCodex(run: CodexRun): CodexProcess {
  const { home, timers, signal } = run;
  const guard = startGuard(home.path, home.env);
  const child = spawn(run.binary, [...run.args], {
    cwd: home.work,
    env: { ...home.env },
    detached: true,
    stdio: [run.stdin, "pipe", "ignore"],
  });
  if (child.pid !== undefined) guard.watch(child.pid);
  // What it was told may come too late for it.
  child.stdin?.on("error", () => undefined);
  let stopped = false;
  let callOffKill: (() => void) | undefined;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    signalGroup(child, "SIGINT");
    callOffKill = timers.after(GRACE_MS, () => signalGroup(child, "SIGKILL"));
  };
  const callOffLimit = timers.after(run.timeoutMs, stop);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const ended = endingOf(child).finally(async () => {
    callOffLimit();
    callOffKill?.();
    signal.removeEventListener("abort", stop);
    await guard.release();
  });
  return { stdin: child.stdin, stdout: child.stdout, ended, stop, wasStopped: () => stopped };
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  const closed = once(child, "close").catch(() => undefined);
  try {
    await once(child, "exit");
    // What it started itself would hold its output open.
    signalGroup(child, "SIGKILL");
    await closed;
    return { exitCode: child.exitCode, signal: child.signalCode };
  } catch (error) {
    return { exitCode: null, signal: null, failedToStart: codeOf(error) };
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone, or this system has none.
    child.kill(signal);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
