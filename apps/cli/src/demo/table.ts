import type { DecisionRecord } from "@open-multi-auth/domain";
import type { Colours } from "../present/colours.ts";

const WIDTHS = { request: 9, at: 10, account: 12, verdict: 34 } as const;

/** What became of an attempt that did not serve, where there is more to say than that another account was next. */
const MOVED: Readonly<Record<string, string>> = {
  auth: "token renewed, or moved on unseen",
  "foreign-content": "asked again without the other account's reasoning",
};

/** The heading of the table. */
export function tableHead(colours: Colours): string {
  const { request, at, account, verdict } = WIDTHS;
  const cells = [
    "request".padEnd(request),
    "at".padEnd(at),
    "account".padEnd(account),
    "verdict".padEnd(verdict),
    "why",
  ];
  return colours.dim(cells.join(""));
}

/**
 * One request as rows: a row for each account it tried, the last one the one that answered.
 *
 * @param number which request this is, for the person
 */
export function tableRows(record: DecisionRecord, number: number, colours: Colours): string[] {
  const at = new Date(record.at).toTimeString().slice(0, 8);
  const last = record.attempts.length - 1;
  const rows = record.attempts.map((attempt, index) => {
    const first = index === 0;
    const served = attempt.verdict === "served";
    const verdict = attempt.status === undefined ? attempt.verdict : `${attempt.status} ${attempt.verdict}`;
    const mark = served ? colours.green(`✓ ${verdict}`) : colours.red(`✗ ${verdict}`);
    const why = index === last ? whyOf(record) : colours.dim(MOVED[attempt.verdict] ?? "moved on unseen");
    return [
      (first ? `#${number}` : "").padEnd(WIDTHS.request),
      (first ? at : "").padEnd(WIDTHS.at),
      pad(colours.bold(attempt.alias), attempt.alias, WIDTHS.account),
      pad(mark, `✓ ${verdict}`, WIDTHS.verdict),
      why,
    ].join("");
  });
  if (rows.length > 0) return rows;
  const start = `#${number}`.padEnd(WIDTHS.request) + at.padEnd(WIDTHS.at) + "none".padEnd(WIDTHS.account);
  return [
    start + pad(colours.red(`✗ ${record.outcome}`), `✗ ${record.outcome}`, WIDTHS.verdict) + record.why,
  ];
}

function whyOf({ why, strategy, outcome }: DecisionRecord): string {
  const chosen = why.replace(/^strategy\b/, strategy);
  return outcome === "served" ? chosen : `${outcome}: ${chosen}`;
}

/** Pads by what is seen, not by the escape sequences around it. */
function pad(styled: string, plain: string, width: number): string {
  return styled + " ".repeat(Math.max(1, width - plain.length));
}
