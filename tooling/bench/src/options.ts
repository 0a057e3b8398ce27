import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  /** Exit with 1 when a figure is missed. */
  readonly check: boolean;
  readonly json: boolean;
  /** The one group of figures to measure. */
  readonly only: string | undefined;
}

/** Reads the command line; a word it does not know is an error that names it. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    // `pnpm bench -- --check` hands the two dashes on.
    args: args.filter((arg) => arg !== "--"),
    options: {
      check: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      only: { type: "string" },
    },
  });
  return { ...values, only: values.only };
}
