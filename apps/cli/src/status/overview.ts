import type { Colours } from "../present/colours.ts";
import { aliasText, stateText } from "../present/account.ts";
import { forceText } from "../present/force.ts";
import { failureTexts, trustLines, windowLines } from "../present/limits.ts";
import { NO_ACCOUNTS } from "../present/no-accounts.ts";
import { runwayText } from "../present/runway.ts";
import { statusText } from "../present/status.ts";
import { table } from "../present/text.ts";
import { readyText, type Snapshot } from "./snapshot.ts";

/** Every account with all that is known of it, then the pool. */
export function overview(snapshot: Snapshot, colours: Colours): string {
  if (snapshot.accounts.length === 0) return NO_ACCOUNTS;
  const style = { ...snapshot, colours };
  const blocks = snapshot.accounts.map((view) => `${statusText(view, style)}\n`);
  return [...blocks, ...poolLines(snapshot, colours)].join("\n");
}

/** The same in three lines an account, to be looked at all the time. */
export function compact(snapshot: Snapshot, colours: Colours): string {
  if (snapshot.accounts.length === 0) return NO_ACCOUNTS;
  const style = { ...snapshot, colours };
  const blocks = snapshot.accounts.map((view) => {
    const [trust = ""] = trustLines(view, snapshot.now, colours);
    const failed = failureTexts(view, snapshot.now).length > 0 ? colours.red(", the last try failed") : "";
    const [fiveHour = "", weekly = ""] = (["fiveHour", "weekly"] as const).map(
      (slot) => windowLines(view, slot, style)[0],
    );
    const title = `${aliasText(view, colours)}  ${stateText(view, snapshot.now, colours)}  ${colours.dim("limits")} ${trust}${failed}`;
    const rows = [
      ["5 h", fiveHour],
      ["week", weekly],
    ].map(([name = "", text = ""]) => [`  ${colours.dim(name)}`, text]);
    return `${title}\n${table(rows)}`;
  });
  return [...blocks, "", ...poolLines(snapshot, colours)].join("\n");
}

function poolLines(snapshot: Snapshot, colours: Colours): string[] {
  const { accounts, runway, strategy, force, now } = snapshot;
  const forced = force.active ? [forceText(force, now)] : [];
  const legend = accounts.some(({ pace }) => pace)
    ? [colours.dim("│ in a bar: what an even pace would leave")]
    : [];
  return [
    readyText(snapshot, colours),
    `strategy ${strategy}`,
    ...forced,
    ...runwayText(runway, accounts, now),
    ...legend,
  ];
}
