import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "vitest";
import { nextTurn, type Rig } from "./rig.ts";

const SCRIPT = fileURLToPath(new URL("control-process.ts", import.meta.url));
const WITHIN_MS = 1_000;

/** Lets another process do something, and gives the instant at which it was on disk. */
export async function another(rig: Rig, ...what: string[]): Promise<number> {
  const args = ["--conditions=@open-multi-auth/source", SCRIPT, ...what];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...rig.env },
  });
  return Number(stdout);
}

/** Waits until something shows here: a second after it was on disk at the latest. */
export async function showsWithinASecond(writtenAt: number, shows: () => boolean): Promise<void> {
  while (!shows()) {
    expect(Date.now()).toBeLessThan(writtenAt + WITHIN_MS);
    await nextTurn();
  }
}
