import type { KeySource } from "@open-multi-auth/core-store";
import { ENVIRONMENT_PREFIX, failure, type Actor, type Failure } from "@open-multi-auth/domain";
import { openPool, type Pool } from "@open-multi-auth/runtime-node";
import { err, type Result, type ResultAsync } from "neverthrow";
import type { Context } from "./context.ts";
import { keysOf } from "./keys.ts";
import { plain } from "./present/text.ts";

/**
 * Opens the pool, lets a command use it, and closes it: what the command changed is on disk when this resolves.
 */
export async function withPool<T>(
  context: Context,
  use: (pool: Pool) => ResultAsync<T, Failure> | Promise<Result<T, Failure>> | Result<T, Failure>,
  { keys = keysOf(context), onProblem = () => {} }: PoolOptions = {},
): Promise<Result<T, Failure>> {
  const warn = (message: string): void => {
    context.err.print(`${context.err.colours.yellow("warning")} ${plain(message)}`);
  };
  const opened = await openPool({
    env: context.env,
    keys,
    clock: context.clock,
    actor: actorOf(context),
    onProblem: (problem) => {
      warn(problem.message);
      onProblem(problem);
    },
  });
  if (opened.isErr()) return err(opened.error);
  const pool = opened.value;
  for (const message of openingProblems(pool)) warn(message);
  const contradiction = contradictoryEnvironment(pool);
  const result = contradiction ? err(contradiction) : await use(pool);
  const closed = await pool.close();
  return closed.isErr() && result.isOk() ? err(closed.error) : result;
}

interface PoolOptions {
  /** What opens an encrypted store, where the command needs it before or after. */
  readonly keys?: KeySource;
  /** Told besides of what goes wrong in the background. */
  readonly onProblem?: (problem: Failure) => void;
}

/** Thresholds that cannot both hold: what they were meant to change would go unnoticed. */
function contradictoryEnvironment(pool: Pool): Failure | undefined {
  if (!pool.settings().contradictory.includes("environment")) return undefined;
  const names = ["CRITICAL_THRESHOLD", "LOW_THRESHOLD"].map((name) => ENVIRONMENT_PREFIX + name);
  const message = `${names.join(" and ")}: the critical threshold must be below the low one`;
  return failure("ENVIRONMENT_INVALID", message, { variables: names });
}

/** What opening found amiss and repaired: told once, by whoever opens the store first. */
function openingProblems({ report }: Pool): string[] {
  const quarantined = [...report.quarantined, ...(report.earlier?.quarantined ?? [])].map(
    ({ alias, issues, file }) => {
      const [issue] = issues;
      const where = issue ? `: ${issue.path} ${issue.constraint}` : "";
      return `account "${alias}" is not usable and was moved to ${file}${where}`;
    },
  );
  return [...(report.problem ? [report.problem.message] : []), ...migrated(report), ...quarantined];
}

/** Told by whoever migrates; later, `oma doctor` names the earlier file. */
function migrated({ earlier }: Pool["report"]): string[] {
  if (earlier?.report === undefined) return [];
  const { file, store, report } = earlier;
  return [
    `accounts of an earlier plugin were taken over into ${store}; they stay in ${file} too`,
    ...report.renamed.flatMap(({ from, to }) =>
      from === "" ? [] : [`account "${from}" is called ${to} now`],
    ),
    ...report.dropped.map(({ path, constraint }) => `left out: ${path} ${constraint}`),
  ];
}

/** The person at this command line, as changes remember them. */
export function actorOf({ user }: Context): Actor {
  return { via: "cli", ...(user !== undefined && { user }) };
}
