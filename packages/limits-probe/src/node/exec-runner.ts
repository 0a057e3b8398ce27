import { after, failure, type Account, type Environment, type Settings } from "@open-multi-auth/domain";
import { err } from "neverthrow";
import type { RunProblem } from "../errors.ts";
import type { RefusedModels } from "../ports.ts";
import { afterEffortRefused, probeTurns, type ProbeTurn } from "../probe-turns.ts";
import type { ProbeAttempt, ProbeRunner } from "../runner.ts";
import { takeTurn } from "./take-turn.ts";
import type { CodexCliDeps } from "./with-codex.ts";

/** No further model is tried after that: a person waits. */
const PATIENCE_MS = 120_000;

/** What the runner is made of. */
export interface ExecRunnerDeps extends CodexCliDeps {
  readonly settings: () => Pick<Settings, "probeModels">;
  readonly environment: Environment;
  readonly refused: RefusedModels;
}

/**
 * One low-effort turn of `codex exec`, which costs an answer: model after model, until one says how much is left.
 *
 * An effort that a model does not know is lowered once. A model that refuses even so, or that the account may not use,
 * is remembered.
 */
export function createExecRunner(deps: ExecRunnerDeps): ProbeRunner {
  return {
    kind: "codex-exec",
    spendsQuota: true,
    async run(account, signal) {
      const patience = after(deps.clock.now(), PATIENCE_MS);
      const turns = probeTurns(deps.settings(), deps.environment, deps.refused.of(account.id));
      let attempt: ProbeAttempt = NONE_LEFT;
      for (const turn of turns) {
        attempt = await tryModel(account, turn, signal, deps);
        if (!mayAnotherKnow(attempt) || signal.aborted || deps.clock.now() >= patience) break;
      }
      return attempt;
    },
  };
}

async function tryModel(
  account: Account,
  turn: ProbeTurn,
  signal: AbortSignal,
  deps: ExecRunnerDeps,
): Promise<ProbeAttempt> {
  let attempt = await takeTurn(account, turn, signal, deps);
  const lower = problemIn(attempt) === "effort-unsupported" ? afterEffortRefused(turn) : undefined;
  if (lower && !signal.aborted) attempt = await takeTurn(account, lower, signal, deps);
  if (isRefusal(problemIn(attempt))) deps.refused.add(account.id, turn.model);
  return attempt;
}

const problemIn = ({ result }: ProbeAttempt): RunProblem | undefined =>
  result.isErr() && result.error.code === "PROBE_RUN_FAILED" ? result.error.details.problem : undefined;

const isRefusal = (problem: RunProblem | undefined): boolean =>
  problem === "effort-unsupported" || problem === "model-unsupported";

/** Whether it was about the model, or may have been; anything else another model would meet as well. */
function mayAnotherKnow(attempt: ProbeAttempt): boolean {
  const problem = problemIn(attempt);
  return isRefusal(problem) || problem === "overloaded" || problem === "unknown";
}

const NONE_LEFT: ProbeAttempt = {
  source: { kind: "codex-exec" },
  result: err(
    failure("PROBE_SOURCE_UNAVAILABLE", "every model to measure with was refused lately: name another", {
      reason: "every model to measure with was refused lately",
      fix: "name another model in the setting `probeModels`",
    }),
  ),
};
