import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";

import { RUNTIMES } from "./runtimes.ts";

/** What the figures were measured on. */
export interface Machine {
  /** Short id of the commit, with `+dirty` when the tree holds more than it. */
  readonly commit: string;
  readonly node: string;
  readonly bun: string;
  readonly cores: number;
  readonly cpu: string;
  /** Runnable processes over the minute before, and after, the measurements. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** Describes this machine; the function it returns adds how busy it was at the end. */
export function describeMachine(): () => Machine {
  const loadBefore = load();
  const commit = commitId();
  return () => ({
    commit,
    node: RUNTIMES.node.version,
    bun: RUNTIMES.bun.version,
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    loadBefore,
    loadAfter: load(),
  });
}

const load = (): number => loadavg()[0] ?? Number.NaN;

function commitId(): string {
  try {
    const id = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain") === "" ? id : `${id}+dirty`;
  } catch {
    return "unknown";
  }
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd: import.meta.dirname,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}
