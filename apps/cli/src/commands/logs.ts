import type { Failure, LogEntry } from "@open-multi-auth/domain";
import { poolLog, type PoolLog } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import type { Command, ExitCode } from "../command.ts";
import type { Output } from "../context.ts";
import { withPool } from "../pool.ts";
import { logLine } from "../present/log.ts";
import { signalled } from "../signalled.ts";
import { usage } from "../usage.ts";

const LIMIT = 50;
/** How soon what another process notes is shown; it writes twice a second. */
const LOOK_MS = 500;

/** `oma logs` */
export const logsCommand: Command = {
  arguments: [],
  options: {
    follow: { about: "go on showing what comes, until Ctrl+C" },
    json: { about: "print the entries as JSON, one a line" },
    limit: { value: "count", about: `how many of the newest to show; ${LIMIT} unless you say otherwise` },
    alias: { value: "alias", about: "only what is about this account" },
  },
  examples: ["logs", "logs --follow", "logs --alias work --limit 200", "logs --json | jq .message"],
  run: async ({ flags, values }, context) => {
    const limit = limitOf(values.get("limit"));
    if (limit.isErr()) return err(limit.error);
    const alias = values.get("alias");
    return withPool(context, async (pool) => {
      const log = poolLog(pool);
      const show = printer(context.out, flags.has("json"));
      if (flags.has("follow")) return follow(log, { limit: limit.value, alias }, show);
      const newest = await log.newest({ limit: limit.value, alias });
      return newest.map((entries): ExitCode => {
        if (entries.length === 0 && !flags.has("json")) context.err.print("nothing was noted yet");
        for (const entry of entries.toReversed()) show(entry);
        return 0;
      });
    });
  },
};

function limitOf(text: string | undefined): Result<number, Failure> {
  if (text === undefined) return ok(LIMIT);
  return /^[1-9]\d{0,5}$/.test(text)
    ? ok(Number(text))
    : err(usage("logs", `--limit "${text}" is not a whole number from 1 to 999999`));
}

type Show = (entry: LogEntry) => void;

const printer =
  (out: Output, asJson: boolean): Show =>
  (entry) =>
    out.print(asJson ? JSON.stringify(entry) : logLine(entry, out.colours));

interface Wish {
  readonly limit: number;
  readonly alias: string | undefined;
}

async function follow(log: PoolLog, { limit, alias }: Wish, show: Show): Promise<Result<ExitCode, Failure>> {
  const ended = signalled().then(() => "ended" as const);
  const next = log.follow({ alias });
  for (let most = limit; ; most = Infinity) {
    const entries = await next();
    if (entries.isErr()) return err(entries.error);
    for (const entry of entries.value.slice(-most)) show(entry);
    if ((await Promise.race([ended, pause()])) === "ended") return ok(0);
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MS));
