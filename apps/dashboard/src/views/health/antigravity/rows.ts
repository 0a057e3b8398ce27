import type { AntigravityReading } from "@open-multi-auth/loopback-api/client";

/** One line of the panel: an account of Antigravity, and what is left of one of its models. */
export interface AntigravityRow {
  readonly account: string;
  readonly model: string;
  /** Percent; null where nobody told. */
  readonly left: number | null;
  /** Epoch ms. */
  readonly resetsAt: number | null;
}

/** The language server speaks of the account in use alone; of the others the file says at most what rests. */
export function antigravityRows({ accounts, quotas }: AntigravityReading): AntigravityRow[] {
  const rows = accounts.flatMap(({ number, inUse, signedIn, resting }): AntigravityRow[] => {
    const account = `${number}${inUse ? ", in use" : ""}${signedIn ? "" : ", signed out"}`;
    if (inUse && quotas !== null) return modelRows(account, quotas);
    const all = { account, model: "all", left: null, resetsAt: null };
    return resting.length === 0
      ? [all]
      : resting.map(({ what, until }) => ({ account, model: what, left: 0, resetsAt: Date.parse(until) }));
  });
  return accounts.some(({ inUse }) => inUse) || quotas === null
    ? rows
    : [...modelRows("in use", quotas), ...rows];
}

const modelRows = (
  account: string,
  { models }: NonNullable<AntigravityReading["quotas"]>,
): AntigravityRow[] =>
  models.map(({ label, remaining, resetAt }) => ({
    account,
    model: label,
    left: remaining,
    resetsAt: resetAt === null ? null : Date.parse(resetAt),
  }));

/** What could not be read, in words. */
export function antigravityProblems({ file, server }: AntigravityReading): string[] {
  return [FILE[file], SERVER[server]].filter((problem) => problem !== undefined);
}

const FILE: Readonly<Record<AntigravityReading["file"], string | undefined>> = {
  read: undefined,
  missing: "There is no file of Antigravity accounts.",
  unreadable: "The file of Antigravity accounts cannot be read.",
  invalid: "The file of Antigravity accounts has a form that is not known here.",
};

const SERVER: Readonly<Record<AntigravityReading["server"], string | undefined>> = {
  answers: undefined,
  "not-running": "Antigravity does not run, so its quotas are not known.",
  silent: "Antigravity runs, but does not tell its quotas.",
};
