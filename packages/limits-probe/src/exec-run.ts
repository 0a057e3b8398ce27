import { failure, type EpochMs } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import { z } from "zod";
import type { ProbeError, RunProblem } from "./errors.ts";
import { checkIdentity, foreign, type ProbedIdentity } from "./identity.ts";
import { invalid, parseJson } from "./json.ts";
import type { LimitsReading } from "./outcome.ts";
import { parseRollout, type Rollout } from "./rollout.ts";
import { problemOf } from "./run-problem.ts";
import { readingOf } from "./windows.ts";

/** All that a run of `codex exec --json` left behind. */
export interface ExecRun {
  readonly exitCode: number | null;
  /** The signal that ended it, ours included. */
  readonly signal: string | null;
  readonly stdout: string;
  /** The text of its session file, where there is one. */
  readonly rollout: string | undefined;
}

/** What the events on standard output say. */
interface Printed {
  readonly threadId?: string;
  readonly isComplete: boolean;
  readonly failure?: string;
}

/**
 * Judges a run. Its session's limits count only if it ended by itself with exit code 0, its turn completed, its session
 * file is whole, of this very thread and of this account; any other run says nothing, however complete its numbers.
 *
 * @param at when the run began
 */
export function judgeExecRun(
  run: ExecRun,
  probed: ProbedIdentity,
  at: EpochMs,
): Result<LimitsReading, ProbeError> {
  const printed = readStdout(run.stdout);
  const rollout = run.rollout === undefined ? undefined : parseRollout(run.rollout);
  const problem = problemIn(run, printed, rollout);
  if (problem !== undefined) return err(runFailed(run, problem));
  if (!rollout || rollout.threadId !== printed.threadId) return err(invalid("session file"));
  // A run with an API key has no account: its limits are those of nobody we know.
  if (typeof rollout.accountId !== "string") return err(foreign("kind of login"));
  return checkIdentity(rollout, probed).andThen(() => limitsIn(rollout, at));
}

function problemIn(run: ExecRun, printed: Printed, rollout: Rollout | undefined): RunProblem | undefined {
  if (run.signal !== null) return "interrupted";
  if (run.exitCode !== 0 || printed.failure !== undefined) {
    const end = rollout?.end;
    if (end?.kind === "aborted") return "interrupted";
    return problemOf(printed.failure, end?.kind === "failed" ? end.info : undefined);
  }
  return printed.isComplete && (rollout === undefined || rollout.end?.kind === "complete")
    ? undefined
    : "incomplete";
}

function limitsIn({ limits }: Rollout, at: EpochMs): Result<LimitsReading, ProbeError> {
  const windows = [limits?.primary, limits?.secondary].map((window) =>
    window
      ? {
          usedPercent: window.used_percent,
          windowMinutes: window.window_minutes ?? null,
          resetsAt: window.resets_at ?? null,
        }
      : null,
  );
  return readingOf(windows, at);
}

const printedSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("thread.started"), thread_id: z.string() }),
  z.object({ type: z.literal("turn.completed") }),
  z.object({ type: z.literal("turn.failed"), error: z.object({ message: z.string() }) }),
]);

/** Errors on the way (`type: "error"`) are no end: the Codex CLI retries. */
function readStdout(text: string): Printed {
  let printed: Printed = { isComplete: false };
  for (const line of text.split("\n")) {
    const event = printedSchema.safeParse(parseJson(line)).data;
    if (event?.type === "thread.started") printed = { ...printed, threadId: event.thread_id };
    if (event?.type === "turn.completed") printed = { ...printed, isComplete: true };
    if (event?.type === "turn.failed") printed = { ...printed, failure: event.error.message };
  }
  return printed;
}

function runFailed({ exitCode, signal }: ExecRun, problem: RunProblem): ProbeError {
  const how = signal === null ? `exit code ${exitCode ?? "unknown"}` : `signal ${signal}`;
  return failure(
    "PROBE_RUN_FAILED",
    `the run of the Codex CLI did not succeed: ${PROBLEMS[problem]} (${how})`,
    {
      problem,
      exitCode,
      signal,
    },
  );
}

const PROBLEMS: Readonly<Record<RunProblem, string>> = {
  "effort-unsupported": "the model does not know this reasoning effort",
  "model-unsupported": "the account may not use this model",
  "usage-limit": "the account's usage limit is reached",
  unauthorized: "the login was refused",
  "workspace-deactivated": "the workspace is deactivated",
  overloaded: "the model is overloaded",
  "rate-limited": "too many requests",
  interrupted: "it was ended before its time",
  incomplete: "its session is not whole",
  unknown: "it broke off",
};
