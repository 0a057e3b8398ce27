import type { EarlierStore, MigrationReport } from "@open-multi-auth/core-store";
import { whyPassedOver } from "@open-multi-auth/core-store/node";
import type { EarlierPlan } from "../import/plan-earlier.ts";
import { plain, table } from "./text.ts";

/** Which file was read, and why not the ones before it. */
export function sourceLines({ file, encrypted, passedOver }: EarlierStore): string[] {
  return [...passedOver.map(whyPassedOver), `read ${file}${encrypted ? ", decrypted" : ""}`].map(plain);
}

const WOULD = { added: "would add", updated: "would update", kept: "would keep" } as const;

/** What is done with each account, and what could not be taken over. */
export function planLines(
  { accounts, settings }: EarlierPlan,
  report: MigrationReport,
  dryRun: boolean,
): string {
  const rows = accounts.map(({ alias, email, outcome, why }) => [
    dryRun ? WOULD[outcome] : outcome,
    plain(email === undefined ? alias : `${alias} (${email})`),
    plain(why.join("; ")),
  ]);
  const broken = report.broken.map(({ alias, issues }) => [
    dryRun ? "would quarantine" : "quarantined",
    plain(alias),
    plain(issues.map(({ path, constraint }) => `${path}: ${constraint}`).join("; ")),
  ]);
  const dropped = report.dropped.map(
    ({ path, constraint }) => `left out: ${plain(path)}: ${plain(constraint)}`,
  );
  return [
    ...(rows.length + broken.length === 0 ? ["there is no account in it"] : [table([...rows, ...broken])]),
    ...dropped,
    ...(settings ? [`the active account and settings ${dryRun ? "would be" : "are"} taken over`] : []),
  ].join("\n");
}
