import { parseArgs } from "node:util";
import { failure, messageOf, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

/** What `pnpm validate` was asked for. */
export interface Options {
  readonly mode: "mocked" | "live";
  /** The first stage to run; all before it are taken as they were in the run before. */
  readonly from?: string;
  /** Quota may be spent without being asked. */
  readonly spend: boolean;
}

export const USAGE = "pnpm validate [--mode mocked|live] [--from STAGE] [--spend]";

/** Reads the command line. */
export function parseOptions(args: readonly string[]): Result<Options, Failure<"USAGE">> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        mode: { type: "string", default: "mocked" },
        from: { type: "string" },
        spend: { type: "boolean", default: false },
      },
    });
    const { mode, from, spend } = values;
    if (mode !== "mocked" && mode !== "live")
      return err(usage(`--mode must be mocked or live, not "${mode}"`));
    return ok({ mode, spend, ...(from !== undefined && { from }) });
  } catch (thrown) {
    return err(usage(messageOf(thrown)));
  }
}

export const usage = (message: string): Failure<"USAGE"> =>
  failure("USAGE", `${message}\nusage: ${USAGE}`, {});
