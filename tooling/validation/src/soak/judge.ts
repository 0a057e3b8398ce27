import { epochMs, type DecisionRecord } from "@open-multi-auth/domain";
import { openPool } from "@open-multi-auth/runtime-node";
import { join } from "node:path";
import { ALIASES, ENDLESS, STEP_MS, STEPS, TAG_ROUNDS } from "./plan.ts";
import type { Progress } from "./progress.ts";

const FORCE_MS = 24 * 3_600_000;
const BLOCK_MS = 12 * 3_600_000;
const MOST_RECORDS = 100_000;

/** What a whole soak left on disk. */
export interface Remains {
  readonly records: readonly DecisionRecord[];
  /** What is not as it must be after 48 hours; empty where all is well. */
  readonly violations: readonly string[];
}

/** Looks at the pool that a soak leaves, and says what is wrong with it. */
export async function judgeSoak(folder: string, progress: Progress): Promise<Remains> {
  const end = epochMs(progress.startedAt + STEPS * STEP_MS);
  const env = { HOME: folder, OPENCODE_MULTI_AUTH_STORE_DIR: join(folder, "pool") };
  const pool = (await openPool({ env, clock: { now: () => end } }))._unsafeUnwrap();
  const records = (await pool.decisions.read(MOST_RECORDS))._unsafeUnwrap();
  const { accounts, forcedAlias } = pool.state();
  const broken = ALIASES.flatMap((alias) => {
    const account = Object.values(accounts).find((candidate) => candidate.alias === alias);
    if (!account) return `${alias} is gone`;
    return [
      ...(account.refreshToken === progress.tokens?.[alias] ? [] : [`${alias} has lost its refresh token`]),
      ...(account.tags.length === 2 * TAG_ROUNDS
        ? []
        : [`${alias} has ${account.tags.length} of ${2 * TAG_ROUNDS} tags`]),
    ];
  });
  const violations = [
    ...progress.problems,
    ...broken,
    ...(pool.report.kind === "opened" ? [] : [`the store was ${pool.report.kind}`]),
    ...(pool.report.quarantined.length === 0 ? [] : ["accounts were put aside"]),
    ...(forcedAlias === null ? [] : ["the force did not end"]),
    ...forceViolations(records, progress),
    ...stuck(records, progress),
  ];
  (await pool.close())._unsafeUnwrap();
  return { records, violations };
}

/** While it lasts, one account serves everything; when it is over, the others serve again. */
function forceViolations(records: readonly DecisionRecord[], progress: Progress): string[] {
  if (progress.forcedAtStep === undefined) return ["nothing was ever forced"];
  const { from, to } = forcedTime(progress);
  const during = records.filter(({ at }) => at > from && at < to);
  const strays = during.filter(({ selectedAlias }) => selectedAlias !== ENDLESS);
  return [
    ...(during.length > 100 ? [] : [`only ${during.length} requests while forced`]),
    ...strays.map(
      ({ selectedAlias, at, why }) =>
        `${selectedAlias} served ${(at - from) / STEP_MS} steps into the force of ${ENDLESS}: ${why}`,
    ),
  ];
}

const forcedTime = ({ startedAt, forcedAtStep = 0 }: Progress): { from: number; to: number } => {
  const from = startedAt + forcedAtStep * STEP_MS;
  return { from, to: from + FORCE_MS };
};

/** In every half day without force each account has its turn. */
function stuck(records: readonly DecisionRecord[], progress: Progress): string[] {
  const { from, to } = forcedTime(progress);
  const blocks = Array.from(
    { length: (STEPS * STEP_MS) / BLOCK_MS },
    (_, index) => progress.startedAt + index * BLOCK_MS,
  );
  return blocks.flatMap((begin) => {
    const free = records.filter(({ at }) => at >= begin && at < begin + BLOCK_MS && (at < from || at > to));
    if (free.length < 20) return [];
    const served = new Set(free.map(({ selectedAlias }) => selectedAlias));
    return ALIASES.filter((alias) => !served.has(alias)).map(
      (alias) => `${alias} had no turn in the half day from ${begin}`,
    );
  });
}
