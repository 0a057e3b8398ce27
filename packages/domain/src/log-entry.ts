import { z } from "zod";
import type { AuditChange, AuditEntry } from "./audit.ts";
import type { DecisionRecord, RequestOutcome } from "./decision-record.ts";
import { incidentSchema, type Incident } from "./incident.ts";
import { toIso, type EpochMs } from "./time.ts";

/** A request, a change or an incident as one line, for `oma logs` and the dashboard. */
export const logEntrySchema = z.object({
  at: z.iso.datetime(),
  level: incidentSchema.shape.level,
  source: z.enum(["request", "change", "incident"]),
  /** The accounts that it is about. */
  aliases: z.array(z.string()),
  message: z.string(),
  /** Of a request: what `oma why` explains. */
  requestId: z.string().optional(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

/** How a request went, in words. */
export function requestEntry(record: DecisionRecord): LogEntry {
  const { at, outcome, attempts, requestId, selectedAlias } = record;
  const failed = attempts.filter(({ verdict }) => verdict !== "served");
  const asked = new Set(attempts.map(({ alias }) => alias));
  if (selectedAlias !== null) asked.add(selectedAlias);
  return {
    at: isoOf(at),
    level: LEVELS[outcome] ?? (failed.length > 0 ? "warning" : "info"),
    source: "request",
    aliases: [...asked],
    message: requestText(record, failed),
    requestId,
  };
}

/** An audit entry, in words. */
export function changeEntry({ at, actor, action, reason, changes }: AuditEntry): LogEntry {
  const who = actor.user === undefined ? actor.via : `${actor.user} (${actor.via})`;
  const what = changes.map(changeText).join(", ");
  return {
    at: isoOf(at),
    level: "info",
    source: "change",
    aliases: [...new Set(changes.flatMap(aliasesOf))],
    message: `${action} by ${who}${reason === undefined ? "" : `, ${reason}`}: ${what}`,
  };
}

/** An incident, as it is. */
export const incidentEntry = ({ at, level, alias, code, message }: Incident): LogEntry => ({
  at: isoOf(at),
  level,
  source: "incident",
  aliases: alias === undefined ? [] : [alias],
  message: code === undefined ? message : `${code}: ${message}`,
});

/** Where the outcome alone does not tell, its attempts do. */
const LEVELS: Readonly<Record<RequestOutcome, LogEntry["level"] | undefined>> = {
  served: undefined,
  "passed-through": "warning",
  refused: "error",
  interrupted: "error",
  aborted: "info",
};

function requestText(record: DecisionRecord, failed: DecisionRecord["attempts"]): string {
  const { selectedAlias, outcome, firstByteMs, model } = record;
  const tried = failed.map(({ alias, verdict, status }) =>
    status === undefined ? `${alias}: ${verdict}` : `${alias}: ${verdict} (${status})`,
  );
  const parts = [
    outcomeText(outcome, selectedAlias),
    ...(outcome === "served" && firstByteMs !== null
      ? [`first byte after ${Math.round(firstByteMs)} ms`]
      : []),
    ...(tried.length === 0 ? [] : [tried.join(", ")]),
  ];
  return `${model ?? "a request"} ${parts.join("; ")}`;
}

function outcomeText(outcome: RequestOutcome, alias: string | null): string {
  const by = alias === null ? "" : ` by ${alias}`;
  switch (outcome) {
    case "served":
      return `answered${by}`;
    case "passed-through":
      return `refused${by} as a request`;
    case "refused":
      return "refused, no account could answer";
    case "interrupted":
      return `cut off${by}`;
    case "aborted":
      return `called off${alias === null ? "" : ` while ${alias} answered`}`;
    default:
      return outcome satisfies never;
  }
}

const changeText = ({ field, from, to }: AuditChange): string =>
  `${field} ${valueText(from)} -> ${valueText(to)}`;

const valueText = (value: unknown): string =>
  value === null ? "none" : typeof value === "string" ? value : JSON.stringify(value);

/** A change names its account in its field, or has it for a value. */
function aliasesOf({ field, from, to }: AuditChange): string[] {
  // An alias may have dots of its own: only what a field of an account ends in is cut off.
  const named = /^accounts\.(?<alias>.+?)(?:\.(?:alias|enabled|disableReason|tags|notes|login))?$/.exec(
    field,
  );
  const alias = named?.groups?.["alias"];
  const values = ["forcedAlias", "activeAlias"].includes(field) || field.endsWith(".alias") ? [from, to] : [];
  return [...(alias === undefined ? [] : [alias]), ...values.filter((value) => typeof value === "string")];
}

/** Beyond what a date can hold there is no instant to show. */
const isoOf = (at: EpochMs): string => toIso(at) ?? "1970-01-01T00:00:00.000Z";
