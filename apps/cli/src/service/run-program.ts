import { execFile } from "node:child_process";

/** How a program of the system ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; undefined where there is none of that name. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<Ended | undefined>;

/** The service manager answers at once, or never. */
const TIMEOUT_MS = 30_000;

/** Runs programs of this system. */
export function systemPrograms(env: Readonly<Record<string, string | undefined>>): RunProgram {
  return (program, args) =>
    new Promise((resolve) => {
      // What is read of their answers is English.
      const options = { env: { ...env, LC_ALL: "C" }, timeout: TIMEOUT_MS };
      execFile(program, [...args], options, (error, stdout, stderr) => {
        if (error?.code === "ENOENT") return resolve(undefined);
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      });
    });
}
