export { parseAppServerAnswer } from "./app-server-answer.ts";
export { applyProbe } from "./apply-probe.ts";
export { describeFailure, describeSource } from "./describe.ts";
export type { ProbeError, RunProblem } from "./errors.ts";
export { judgeExecRun, type ExecRun } from "./exec-run.ts";
export type { ProbedIdentity } from "./identity.ts";
export type { LimitsReading, ProbeOutcome } from "./outcome.ts";
export type { ProbeAttempt, ProbeRunner } from "./runner.ts";
export { parseUsageAnswer } from "./usage-answer.ts";
