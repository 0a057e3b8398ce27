import type { DecisionView } from "@open-multi-auth/loopback-api/client";
import type { GlyphName } from "../../components/glyph.tsx";
import { number } from "../../format/count.ts";

/** How a request ended, as shape and word. */
export interface Outcome {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly tone: "" | "hid" | "bad";
}

/** Which requests of the list are shown. */
export type Filter = "all" | "moved" | "refused";

/** How a request ended: one that moved and was answered is neither plain nor bad. */
export function outcomeOf({ outcome, explanation }: Pick<DecisionView, "outcome" | "explanation">): Outcome {
  if (outcome === "served" && explanation.movedFrom !== undefined) return MOVED;
  return OUTCOMES[outcome];
}

const MOVED: Outcome = { glyph: "hid", word: "Moved", tone: "hid" };
const OUTCOMES: Readonly<Record<DecisionView["outcome"], Outcome>> = {
  served: { glyph: "pass", word: "Answered", tone: "" },
  "passed-through": { glyph: "warn", word: "Passed on", tone: "" },
  refused: { glyph: "err", word: "Refused", tone: "bad" },
  interrupted: { glyph: "err", word: "Broken off", tone: "bad" },
  aborted: { glyph: "off", word: "Stopped", tone: "" },
};

/** Whether a request is one of those that are asked for; what was broken off reached the person like a refusal. */
export function isShown({ outcome, explanation }: DecisionView, filter: Filter): boolean {
  if (filter === "all") return true;
  if (filter === "moved") return explanation.movedFrom !== undefined;
  return outcome === "refused" || outcome === "interrupted";
}

/** One account as a candidate of a request. */
export interface CandidateRow {
  readonly alias: string;
  readonly isChosen: boolean;
  readonly couldAnswer: boolean;
}

/** The candidates, the one that answered first, then those that could have, then the others. */
export function candidateRows({ candidates, selectedAlias }: DecisionView): CandidateRow[] {
  const rows = candidates.map(({ alias, eligible }) => ({
    alias,
    isChosen: alias === selectedAlias,
    couldAnswer: eligible,
  }));
  const rank = ({ isChosen, couldAnswer }: CandidateRow): number => (isChosen ? 0 : couldAnswer ? 1 : 2);
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

/** An attempt as a bar on the time of all of them, in percent. */
export interface AttemptBar {
  readonly alias: string;
  readonly left: number;
  readonly width: number;
  readonly isServed: boolean;
  readonly text: string;
}

/** The attempts one after another on one scale. */
export function attemptBars({ attempts }: DecisionView): AttemptBar[] {
  const total = Math.max(
    1,
    attempts.reduce((sum, { ms }) => sum + ms, 0),
  );
  let before = 0;
  return attempts.map(({ alias, verdict, status, ms }) => {
    const left = (before / total) * 100;
    before += ms;
    const isServed = verdict === "served";
    const came = status === undefined ? "no answer" : String(status);
    return {
      alias,
      left,
      width: Math.max(0.5, (ms / total) * 100),
      isServed,
      text: isServed ? `answered after ${milliseconds(ms)}` : `${came}, ${verdict}, ${milliseconds(ms)}`,
    };
  });
}

/** `1,204 ms`; nothing where no byte came. */
export const milliseconds = (ms: number | null): string =>
  ms === null ? "–" : `${number(Math.round(ms))}\u202Fms`;
