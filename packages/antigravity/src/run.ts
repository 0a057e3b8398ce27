import { execFile } from "node:child_process";
import type { Run } from "./ports.ts";

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 8_388_608;

/** Runs programs of the system that the `PATH` of an environment leads to. */
export const runWith =
  (env: Readonly<Record<string, string | undefined>>): Run =>
  (command, args) =>
    new Promise((resolve) => {
      const options = { env: { ...env, LC_ALL: "C" }, timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES };
      execFile(command, [...args], options, (_error, stdout) => resolve(stdout === "" ? undefined : stdout));
    });
