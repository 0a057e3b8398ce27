import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a soak has lived through; on disk after every step, so that it goes on after a reboot. */
export interface Progress {
  readonly startedAt: number;
  /** The next to be lived. */
  readonly step: number;
  readonly asked: number;
  readonly served: number;
  readonly faults: number;
  readonly probes: number;
  readonly crashes: number;
  /** How often a token was renewed, for a request or ahead of its end. */
  readonly renewals: number;
  readonly forcedAtStep?: number;
  /** Everything that should not have been. */
  readonly problems: readonly string[];
  /** The refresh token that the upstream last gave each account; of simulated accounts, at the end. */
  readonly tokens?: Readonly<Record<string, string>>;
}

export const newProgress = (startedAt: number): Progress => ({
  startedAt,
  step: 0,
  asked: 0,
  served: 0,
  faults: 0,
  probes: 0,
  crashes: 0,
  renewals: 0,
  problems: [],
});

/** Where a soak stopped, or nothing. */
export async function readProgress(folder: string): Promise<Progress | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "progress.json"), "utf8"));
  } catch {
    return undefined;
  }
}
