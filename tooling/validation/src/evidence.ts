import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { presence, redact } from "@open-multi-auth/domain";
import type { Fingerprints } from "./areas.ts";
import { scanText } from "./secrets/scan.ts";

/** One stage as it went. */
export interface StageRecord {
  readonly stage: string;
  readonly startedAt: string;
  readonly ms: number;
  readonly isGreen: boolean;
  readonly runs: readonly CommandRecord[];
}

export interface CommandRecord {
  readonly command: string;
  readonly exitCode: number;
  readonly ms: number;
  /** The end of what it printed. */
  readonly excerpt: string;
}

/** One validation: what it is about, and its stages so far. */
export interface RunRecord {
  readonly mode: string;
  readonly startedAt: string;
  readonly about: Readonly<Record<string, string>>;
  /** Presence only, never a value. */
  readonly environment: Readonly<Record<string, "present" | "absent">>;
  /** Of the code that the stages tried. */
  readonly fingerprints: Fingerprints;
  readonly stages: readonly StageRecord[];
}

/** The folder of a run's evidence: `<docs/evidence>/<UTC time>/<mode>`. */
export const folderOf = (
  evidence: string,
  { startedAt, mode }: Pick<RunRecord, "startedAt" | "mode">,
): string => join(evidence, startedAt.replaceAll(/[:.]/g, "-"), mode);

/** Says of each variable whether it is set. */
export const presences = (
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RunRecord["environment"] => Object.fromEntries(names.map((name) => [name, presence(env[name])]));

/**
 * Writes a file of evidence, with every secret masked.
 *
 * @throws where something that looks like a secret is left: a bug, and nothing is written
 */
export function writeEvidence(folder: string, name: string, text: string): void {
  const masked = redact(text);
  const [found] = scanText(masked);
  if (found) throw new Error(`line ${found.line} of ${name} looks like a ${found.kind}; nothing was written`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), masked);
}

/** The newest run of a mode, if there is one that can be read. */
export function newestRun(evidence: string, mode: string): RunRecord | undefined {
  const times = readdirIfThere(evidence).toSorted((a, b) => (a < b ? 1 : -1));
  for (const time of times) {
    try {
      return JSON.parse(readFileSync(join(evidence, time, mode, "run.json"), "utf8"));
    } catch {
      continue;
    }
  }
  return undefined;
}

function readdirIfThere(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
