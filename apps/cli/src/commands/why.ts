import { decisionRecordSchema, failure, type DecisionRecord, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { Pool } from "@open-multi-auth/runtime-node";
import type { Command, ExitCode } from "../command.ts";
import type { Context } from "../context.ts";
import { withPool } from "../pool.ts";
import { decisionLimitsText } from "../present/decision-limits.ts";
import { decisionText } from "../present/decision.ts";

/** More than the log keeps: an id is looked for in all of it. */
const ALL = 100_000;

/** `oma why [requestId]` */
export const whyCommand: Command = {
  arguments: [{ name: "requestId", required: false }],
  options: { json: { about: "print the record as JSON" } },
  examples: ["why", "why 0b5d2c1e-6f0a-4f0e-9f53-0f3f6f0e6a11"],
  run: ({ words: [requestId], flags }, context) =>
    withPool(context, (pool) =>
      pool.decisions
        .read(requestId === undefined ? 1 : ALL)
        .andThen((records) => findRecord(records, requestId))
        .map((record): ExitCode => {
          const { out } = context;
          out.print(flags.has("json") ? JSON.stringify(record, null, 2) : explanation(record, pool, context));
          return 0;
        }),
    ),
};

function explanation(record: DecisionRecord, pool: Pool, { out, clock }: Context): string {
  const now = clock.now();
  const limits = decisionLimitsText(record, pool.views(), now, out.colours);
  return `${decisionText(record, now, out.colours)}\n\n${limits}`;
}

function findRecord(
  records: readonly object[],
  requestId: string | undefined,
): Result<DecisionRecord, NotFound> {
  for (const line of records) {
    const record = decisionRecordSchema.safeParse(line).data;
    if (record && (requestId === undefined || record.requestId === requestId)) return ok(record);
  }
  return err(
    requestId === undefined
      ? notFound("no request was made yet", "send a prompt in OpenCode, then ask again")
      : notFound(
          `no request has the id "${requestId}"`,
          "`oma why` without an id explains the newest request",
        ),
  );
}

type NotFound = Failure<"DECISION_NOT_FOUND", { fix: string }>;

const notFound = (message: string, fix: string): NotFound => failure("DECISION_NOT_FOUND", message, { fix });
