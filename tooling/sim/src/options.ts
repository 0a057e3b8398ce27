import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  readonly seeds: readonly number[];
  /** The one scenario to run. */
  readonly only: string | undefined;
  /** Write docs/scheduling.md and its plots. */
  readonly write: boolean;
  /** Exit with 1 when a claim does not hold. */
  readonly check: boolean;
  readonly workers: number;
}

/** Tuning never sees the seeds that are reported: 1 to 30. */
const REPORTED = 30;

/** Reads the command line; a word it does not know, or a number that is none, is an error that names it. */
export function parseOptions(args: readonly string[], cores: number): Options {
  const { values } = parseArgs({
    // `pnpm sim -- --check` hands the two dashes on.
    args: args.filter((arg) => arg !== "--"),
    options: {
      seeds: { type: "string", default: String(REPORTED) },
      "first-seed": { type: "string", default: "1" },
      only: { type: "string" },
      write: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      workers: { type: "string", default: String(cores) },
    },
  });
  const first = count("first-seed", values["first-seed"]);
  const seeds = Array.from({ length: count("seeds", values.seeds) }, (_, index) => first + index);
  const { only, write, check } = values;
  return { seeds, only, write, check, workers: count("workers", values.workers) };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new TypeError(`--${name} takes a whole number from 1, not "${text}"`);
  return value;
}
