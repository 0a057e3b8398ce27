import type { DecisionRecord, RequestOutcome } from "./decision-record.ts";
import { cannot, takenBy } from "./decision-words.ts";
import { replayFacts } from "./replay-facts.ts";

/** What an explanation reads of a decision record. */
export interface Explained extends Pick<
  DecisionRecord,
  | "strategy"
  | "selectedAlias"
  | "why"
  | "fallbackReason"
  | "candidates"
  | "attempts"
  | "outcome"
  | "sessionId"
> {
  readonly replay?: object;
}

/** Why a request went to its account. */
export interface DecisionWhy {
  /** For a row of a list: "Stays with its conversation". */
  readonly brief: string;
  /** The same in whole sentences. */
  readonly sentence: string;
  /** The account that it was to go to first, where another one answered. */
  readonly movedFrom?: string;
}

const OUTCOMES: Readonly<Record<RequestOutcome, string>> = {
  served: "served",
  "passed-through": "answered with an error that is not the account's",
  refused: "refused: no account could serve it",
  interrupted: "broken off by the upstream",
  aborted: "cancelled by the client",
};

/** How a request ended, in words: the same in `oma why` and in the dashboard. */
export const explainOutcome = (outcome: RequestOutcome): string => OUTCOMES[outcome];

/** Why a request went to its account, in words: the same in `oma why` and in the dashboard. */
export function explainDecision(record: Explained): DecisionWhy {
  const { selectedAlias: alias } = record;
  if (alias === null) return unserved(record);
  const movedFrom = firstChoice(record);
  if (movedFrom !== undefined) return moved(record, alias, movedFrom);
  const reason = chosenFor(record, alias);
  const again = sentAgain(record, alias);
  return again === undefined
    ? reason
    : { brief: again.brief, sentence: `${reason.sentence} ${again.sentence}` };
}

function unserved({ candidates, outcome, attempts }: Explained): DecisionWhy {
  if (outcome !== "refused") {
    const asked = attempts.at(-1)?.alias;
    const sentence =
      asked === undefined ? "It ended before it was sent." : `It ended before ${asked} had answered.`;
    return {
      brief: outcome === "aborted" ? "Cancelled before an answer" : "Ended without an answer",
      sentence,
    };
  }
  const reasons = candidates.map(({ alias, reason }) => cannot(alias, reason ?? "skipped"));
  const sentence =
    reasons.length === 0 ? "No account was linked." : `No account could answer: ${reasons.join("; ")}.`;
  return { brief: "No account could answer", sentence };
}

/** The account that it was selected for, where that is not the one that answered. */
function firstChoice({ why, selectedAlias, fallbackReason, attempts }: Explained): string | undefined {
  if (fallbackReason === null) return undefined;
  const named = /, then (?<alias>[^:]+): /.exec(why)?.groups?.["alias"];
  return named ?? attempts.find(({ alias }) => alias !== selectedAlias)?.alias;
}

function moved(record: Explained, alias: string, movedFrom: string): DecisionWhy {
  const { attempts, fallbackReason, outcome } = record;
  const cause = cannot(movedFrom, fallbackReason ?? "skipped");
  const wasAsked = attempts.some((attempt) => attempt.alias === movedFrom);
  return {
    brief: outcome === "served" ? `${cause}, moved unseen` : `${cause}, moved`,
    sentence: `${chosenFor(record, movedFrom).sentence} ${cause}${wasAsked ? " before any output" : ""}, so the request moved to ${alias}.`,
    movedFrom,
  };
}

/** Why the selection took the account, whatever came of it. */
function chosenFor(record: Explained, alias: string): DecisionWhy {
  const [decided = ""] = record.why.split(",");
  switch (decided) {
    case "forced":
      return { brief: "Forced", sentence: `${alias} is forced, so every request goes to it.` };
    case "affinity":
      return heldBy(record, alias);
    case "strategy":
      return placed(record, alias);
    case "last-resort":
      return {
        brief: "Last resort: no other could answer",
        sentence: `No other account could answer, so ${alias} was used although it is short or was spared.`,
      };
    case "trial":
      return {
        brief: "On trial: its limit may be over",
        sentence: `Every limit was reached, so ${alias} was asked whether its own is over.`,
      };
    default:
      return { brief: decided, sentence: `${alias} was selected (${decided}).` };
  }
}

function heldBy({ replay }: Explained, alias: string): DecisionWhy {
  const { isOwnHome } = replayFacts(replay);
  return isOwnHome
    ? {
        brief: "Stays with its conversation",
        sentence: `The conversation lives on ${alias}, and so does its prompt cache. It stays while ${alias} can answer.`,
      }
    : {
        brief: "Sub-agent follows its parent",
        sentence: `The conversation that started this one lives on ${alias}, so it goes there too.`,
      };
}

function placed({ strategy, sessionId, candidates, replay }: Explained, alias: string): DecisionWhy {
  const { boundAlias, isPlacingRequests } = replayFacts(replay);
  const rule = takenBy(strategy);
  const left = candidates.find((one) => one.alias === boundAlias && one.alias !== alias && !one.eligible);
  if (left !== undefined) {
    const cause = cannot(left.alias, left.reason ?? "skipped");
    return {
      brief: `${cause}, its conversation moved`,
      sentence: `The conversation lived on ${left.alias}. ${cause}, so it moved to ${alias}: ${rule}.`,
    };
  }
  return sessionId === undefined || isPlacingRequests
    ? { brief: rule.replace(/^./, upper), sentence: `The strategy ${strategy} took ${alias}: ${rule}.` }
    : { brief: `New conversation: ${rule}`, sentence: `A new conversation went to ${alias}: ${rule}.` };
}

/** What made the same account answer at the second try. */
function sentAgain({ attempts }: Explained, alias: string): DecisionWhy | undefined {
  const verdicts = attempts.filter((attempt) => attempt.alias === alias).map(({ verdict }) => verdict);
  if (verdicts.at(-1) !== "served") return undefined;
  if (verdicts.includes("auth")) {
    return { brief: "Sign-in renewed, then answered", sentence: "Its token was refused once and renewed." };
  }
  if (verdicts.includes("foreign-content")) {
    const sentence = "It was sent again without what only another account can read.";
    return { brief: "Sent again after a move", sentence };
  }
  return undefined;
}

const upper = (text: string): string => text.toUpperCase();
