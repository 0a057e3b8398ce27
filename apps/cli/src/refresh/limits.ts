import { failure, type Account, type AccountView, type Failure } from "@open-multi-auth/domain";
import type { Limits } from "@open-multi-auth/runtime-node/limits";
import { err, ok, type Result } from "neverthrow";
import type { Context } from "../context.ts";
import { remainingText } from "../present/account.ts";
import { measuredText } from "../present/limits.ts";

/** An account's limits could not be measured; the last figures stay. */
type ProbeFailed = Failure<"LIMITS_NOT_MEASURED", { alias: string; fix: string }>;

/**
 * Measures the limits of these accounts, a few at a time, and says what was found. The person asked for it: where nothing
 * else tells, a source that costs a little quota may be asked.
 */
export async function refreshLimits(
  limits: Limits,
  accounts: readonly Account[],
  context: Context,
): Promise<Result<string, ProbeFailed>[]> {
  const probes = accounts.map(({ id }) => limits.probe(id, { maySpendQuota: true }));
  const reports = await context.progress(
    `measuring the limits of ${many(accounts.length)}`,
    Promise.all(probes),
  );
  const views = new Map(limits.views().map((view) => [view.alias, view]));
  return accounts.map(({ alias }, index) => {
    const view = views.get(alias);
    const report = reports[index];
    if (report === undefined || view === undefined)
      return err(notMeasured(alias, "it was removed meanwhile"));
    if (report.kind === "void") return err(notMeasured(alias, "its login was renewed or replaced meanwhile"));
    if (report.kind === "skipped") return err(notMeasured(alias, SKIPPED[report.reason]));
    if (report.kind === "probed" && report.outcome.kind === "stopped")
      return err(notMeasured(alias, SKIPPED.stopped));
    const hasFailed =
      report.kind === "probed" ? report.outcome.kind === "failure" : view.limitStatus === "error";
    return hasFailed ? err(notMeasured(alias, view.limitError ?? "it failed")) : ok(foundText(view, context));
  });
}

const SKIPPED = {
  disabled: "it is disabled",
  removed: "it was removed meanwhile",
  stopped: "it was stopped",
  busy: "another process has been measuring it for minutes",
} as const;

function foundText(view: AccountView, { clock }: Context): string {
  const left = `5 h ${remainingText(view, "fiveHour")}, week ${remainingText(view, "weekly")}`;
  return `${view.alias} has left: ${left}${view.limits ? `, ${measuredText(view.limits, clock.now())}` : ""}`;
}

const notMeasured = (alias: string, why: string): ProbeFailed =>
  failure("LIMITS_NOT_MEASURED", `${alias}: ${why}`, {
    alias,
    fix: "try again; the last figures stay, with their age, in `oma status`",
  });

const many = (count: number): string => (count === 1 ? "1 account" : `${count} accounts`);
