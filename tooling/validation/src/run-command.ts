import { spawn } from "node:child_process";
import type { Command } from "./stages.ts";

/** How a command ended, and the end of what it printed. */
export interface Ended {
  readonly exitCode: number;
  readonly excerpt: string;
}

const MOST_LINES = 80;
const MOST_BYTES = 64_000;

/** Runs a command to its end; what it prints is shown as it comes. */
export function runCommand(
  [program, ...args]: Command,
  cwd: string,
  show: (text: string) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", ...env },
    });
    let tail = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        show(text);
        tail = (tail + text).slice(-MOST_BYTES);
      });
    }
    const end = (exitCode: number, why = ""): void =>
      resolve({ exitCode, excerpt: `${tail}${why}`.trimEnd().split("\n").slice(-MOST_LINES).join("\n") });
    child.on("error", (thrown) => end(127, thrown.message));
    child.on("close", (code, signal) => end(code ?? 1, signal === null ? "" : `\nended by ${signal}`));
  });
}
