import { createInterface } from "node:readline/promises";
import { ENVIRONMENT_PREFIX, failure, UPSTREAM_URL, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { Ended } from "./run-command.ts";
import type { Command } from "./stages.ts";

/** Why nothing could be tried live; that is no result, and never green. */
export type NotRun = Failure<"LIVE_NOT_RUN", { why: "no-network" | "no-account" | "no-consent" }>;

/** What live mode stands in. */
export interface LiveSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: (url: string, init: { method: "HEAD"; signal: AbortSignal }) => Promise<unknown>;
  readonly run: (command: Command) => Promise<Ended>;
  /** Asks the person, or answers for nobody. */
  readonly ask: (question: string) => Promise<boolean>;
}

const PATIENCE_MS = 10_000;

/** Looks whether there is a network and an account, and whether the person agrees to spend a little. */
export async function admitLive(
  spend: boolean,
  { env, fetch, run, ask }: LiveSurroundings,
): Promise<Result<void, NotRun>> {
  const upstream = new URL(env[`${ENVIRONMENT_PREFIX}UPSTREAM_URL`] || UPSTREAM_URL).origin;
  try {
    await fetch(upstream, { method: "HEAD", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    return err(notRun("no-network", `${upstream} cannot be reached from here`));
  }
  const accounts = await run(["node", "apps/cli/dist/oma.js", "list", "--json"]);
  if (accounts.exitCode !== 0 || !accounts.excerpt.includes('"alias"'))
    return err(notRun("no-account", "no account is linked here"));
  const question = "Ask the upstream for your limits, and for one answer of one word, from your own quota?";
  return spend || (await ask(question)) ? ok() : err(notRun("no-consent", "nobody agreed to spend quota"));
}

/** Asks on a terminal; without one there is nobody to agree. */
export async function askTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

const notRun = (why: "no-network" | "no-account" | "no-consent", message: string): NotRun =>
  failure("LIVE_NOT_RUN", `${message}; nothing was tried, so nothing is proven`, { why });
