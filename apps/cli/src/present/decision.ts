import {
  explainDecision,
  explainOutcome,
  toIso,
  type DecisionRecord,
  type EpochMs,
} from "@open-multi-auth/domain";
import type { Colours } from "./colours.ts";
import { plain, table } from "./text.ts";
import { spokenInstant } from "./time.ts";

/** One request told to its end: who could serve, who was tried, what came of it. */
export function decisionText(record: DecisionRecord, now: EpochMs, colours: Colours): string {
  const { bold } = colours;
  return [
    `${bold("request")} ${plain(record.requestId)}`,
    table(summary(record, now, colours)),
    "",
    bold("candidates"),
    table(candidates(record, colours)),
    "",
    bold("attempts"),
    record.attempts.length > 0 ? table(attempts(record, colours)) : "  none",
  ].join("\n");
}

function summary(record: DecisionRecord, now: EpochMs, { dim }: Colours): string[][] {
  const at = toIso(record.at);
  const first = record.firstByteMs === null ? "" : `, first byte after ${milliseconds(record.firstByteMs)}`;
  const facts: (readonly [string, string])[] = [
    ["at", at === undefined ? "unknown" : `${at} (${spokenInstant(at, now)})`],
    ["model", plain(record.model ?? "unknown")],
    ["outcome", explainOutcome(record.outcome)],
    ["account", plain(record.selectedAlias ?? "none")],
    ["why", plain(explainDecision(record).sentence)],
    ...(record.fallbackReason === null ? [] : [["moved because", record.fallbackReason] as const]),
    ["strategy", plain(record.strategy)],
    ...(record.forceState.active ? [["forced", forcedText(record)] as const] : []),
    ["accounts", `${record.enabledState.enabled} enabled, ${record.enabledState.disabled} disabled`],
    ["time", `${milliseconds(record.totalMs)}${first}`],
  ];
  return facts.map(([name, text]) => [`  ${dim(name)}`, text]);
}

/** Who was forced, and why the request went past it if it did. */
function forcedText({ forceState, selectedAlias, candidates: all }: DecisionRecord): string {
  const { alias = "unknown", until } = forceState;
  const end = until === undefined ? undefined : toIso(until);
  const text = plain(alias) + (end === undefined ? "" : ` until ${end}`);
  if (selectedAlias === alias) return text;
  const reason = all.find((one) => one.alias === alias)?.reason;
  return `${text}, not used: ${plain(reason ?? "it did not answer")}`;
}

function candidates(record: DecisionRecord, { green, yellow }: Colours): string[][] {
  return record.candidates.map(({ alias, eligible, reason }) => [
    `  ${plain(alias)}`,
    eligible ? green("eligible") : yellow("not eligible"),
    plain(reason ?? ""),
  ]);
}

function attempts(record: DecisionRecord, { green, yellow }: Colours): string[][] {
  return record.attempts.map(({ alias, verdict, status, ms }, index) => [
    `  ${index + 1}.`,
    plain(alias),
    verdict === "served" ? green(verdict) : yellow(verdict),
    status === undefined ? "no answer" : `status ${status}`,
    milliseconds(ms),
  ]);
}

const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;
