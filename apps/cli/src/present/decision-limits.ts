import type { AccountView, DecisionRecord, EpochMs } from "@open-multi-auth/domain";
import type { Colours } from "./colours.ts";
import { failureTexts, trustLines } from "./limits.ts";
import { plain, table } from "./text.ts";

/** How good the figures of a request's candidates are by now: from when, and from which source and model. */
export function decisionLimitsText(
  record: DecisionRecord,
  views: readonly AccountView[],
  now: EpochMs,
  colours: Colours,
): string {
  const rows = record.candidates.flatMap(({ alias }) => {
    const view = views.find((candidate) => candidate.alias === alias);
    if (!view) return [];
    const [trust = ""] = trustLines(view, now, colours);
    return [[`  ${plain(alias)}`, trust], ...failureTexts(view, now).map((text) => ["", text])];
  });
  return [colours.bold("limits by now"), rows.length > 0 ? table(rows) : "  none"].join("\n");
}
