import type { Counters, DecisionView } from "@open-multi-auth/loopback-api/client";

/** The sentence that the view begins with, in parts to set apart by weight. */
export interface Headline {
  readonly kept: number;
  readonly reached: number;
}

/** How many interruptions were kept from the person in the last seven days, and how many reached them. */
export const headlineOf = ({ kept, failed }: Counters): Headline => ({
  kept: Object.values(kept).reduce((sum, count) => sum + count, 0),
  reached: failed,
});

/** What interruptions were of, the most frequent first. */
export function keptRows({ kept }: Counters): { readonly cause: string; readonly count: number }[] {
  return Object.entries(kept)
    .map(([verdict, count]) => ({
      cause: Object.hasOwn(CAUSES, verdict) ? CAUSES[verdict]! : verdict,
      count,
    }))
    .toSorted((a, b) => b.count - a.count);
}

const CAUSES: Readonly<Record<string, string>> = {
  quota: "Limit reached",
  auth: "Sign-in rejected",
  workspace: "Workspace deactivated",
  model: "Model not offered",
  transient: "OpenAI error or no answer",
  "host-offline": "No network",
};

/** What happened since the person was here last. */
export interface Absence {
  readonly requests: number;
  readonly moved: number;
  readonly refused: number;
}

/** Counts what the list has from after `leftAt`. */
export function absence(decisions: readonly DecisionView[], leftAt: number): Absence {
  const since = decisions.filter(({ at }) => Date.parse(at) > leftAt);
  return {
    requests: since.length,
    moved: since.filter(({ explanation }) => explanation.movedFrom !== undefined).length,
    refused: since.filter(({ outcome }) => outcome === "refused" || outcome === "interrupted").length,
  };
}
