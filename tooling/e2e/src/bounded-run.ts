import { text } from "node:stream/consumers";

import type { Ending, ProcessGroup } from "./process-group.ts";

/** What a run left behind. */
export interface Run extends Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  readonly timedOut: boolean;
}

/** Starts a program and waits for its end: after `timeoutMs` SIGINT, and soon SIGKILL, for the whole group. */
export async function boundedRun(start: () => ProcessGroup, timeoutMs = 60_000): Promise<Run> {
  const startedAt = performance.now();
  const group = start();
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    void group.stop("SIGINT");
  }, timeoutMs);
  const [ending, stdout, stderr] = await Promise.all([group.ended, ...outputOf(group)]);
  clearTimeout(limit);
  return { ...ending, stdout, stderr, timedOut, ms: performance.now() - startedAt };
}

function outputOf({ child }: ProcessGroup): [Promise<string>, Promise<string>] {
  return [read(child.stdout), read(child.stderr)];
}

async function read(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? "" : text(stream);
}
