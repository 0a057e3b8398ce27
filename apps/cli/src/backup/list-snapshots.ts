import type { Snapshot } from "@open-multi-auth/core-store/node";
import { toIso } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import type { ExitCode, Input } from "../command.ts";
import type { Context } from "../context.ts";
import { differenceText } from "../present/difference.ts";
import { plain, table } from "../present/text.ts";
import { spokenInstant } from "../present/time.ts";
import { planFor, type RestorePlan } from "./restore-snapshot.ts";

/** Prints the snapshots, newest first, with what restoring each would change. */
export function listSnapshots(
  { store }: Pool,
  snapshots: readonly Snapshot[],
  { flags }: Input,
  { out, clock }: Context,
): ExitCode {
  const entries = snapshots.map((snapshot, index) => {
    const { id, takenAt } = snapshot;
    const at = toIso(takenAt) ?? id;
    return planFor(snapshots, index, id).match(
      (plan) => ({ id, takenAt: at, accounts: aliasesOf(snapshot), ...differing(plan(store.state())) }),
      ({ message }) => ({ id, takenAt: at, problem: message }),
    );
  });
  if (flags.has("json")) out.print(JSON.stringify({ snapshots: entries }, null, 2));
  else if (entries.length === 0) out.print(NONE);
  else {
    const head = ["SNAPSHOT", "TAKEN", "RESTORING IT WOULD CHANGE"].map((title) => out.colours.dim(title));
    const rows = entries.map((entry) => [
      entry.id,
      spokenInstant(entry.takenAt, clock.now()),
      "problem" in entry ? plain(entry.problem) : differenceText(entry.difference),
    ]);
    out.print(table([head, ...rows]));
  }
  return 0;
}

const NONE = "There is no snapshot yet. One is kept before an account goes, or it or a setting is changed.";

const aliasesOf = ({ store }: Snapshot): string[] =>
  store.match(
    ({ accounts }) => Object.keys(accounts),
    () => [],
  );

/** The planned state itself holds the logins. */
const differing = ({ difference }: ReturnType<RestorePlan>) => ({ difference });
