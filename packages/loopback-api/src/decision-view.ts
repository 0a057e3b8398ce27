import { epochMs, explainDecision, toIso, type DecisionRecord, type EpochMs } from "@open-multi-auth/domain";
import type { DecisionView } from "./schemas/decision.ts";

/** A record as the API shows it: instants in ISO-8601, its reason in words, and without what `select` read. */
export function decisionView(whole: DecisionRecord): DecisionView {
  const { replay: _replay, at, forceState, ...record } = whole;
  const { active, alias, until } = forceState;
  return {
    ...record,
    at: isoOf(at),
    explanation: explainDecision(whole),
    forceState: {
      active,
      ...(alias !== undefined && { alias }),
      ...(until !== undefined && { until: isoOf(until) }),
    },
  };
}

/** The records, newest first, that a query asks for. */
export function matching(
  records: readonly DecisionRecord[],
  {
    limit,
    alias,
    before,
  }: { readonly limit: number; readonly alias?: string | undefined; readonly before?: string | undefined },
): DecisionRecord[] {
  const end = before === undefined ? Infinity : Date.parse(before);
  return records
    .filter(({ at, selectedAlias, attempts }) => {
      const isOf =
        alias === undefined || selectedAlias === alias || attempts.some((tried) => tried.alias === alias);
      return isOf && at < end;
    })
    .slice(0, limit);
}

const isoOf = (at: EpochMs): string => toIso(at) ?? toIso(epochMs(0)) ?? "";
