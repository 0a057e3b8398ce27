export { parseAppServerAnswer } from "./app-server-answer.ts";
export { applyProbe } from "./apply-probe.ts";
export { describeFailure, describeSource } from "./describe.ts";
export type { ProbeError, RunProblem } from "./errors.ts";
export { judgeExecRun, type ExecRun } from "./exec-run.ts";
export type { ProbedIdentity } from "./identity.ts";
export type { LimitsReading, ProbeOutcome } from "./outcome.ts";
export type {
  LimitsBook,
  ProbeFetch,
  ProbeLease,
  ProbeToken,
  ProbeTokens,
  RefusedModels,
  Timers,
} from "./ports.ts";
export { paceOf, type Pace } from "./pace.ts";
export { createProber, type Prober, type ProberDeps, type ProbeReport } from "./probe-account.ts";
export { createProbeQueue, type ProbeQueue, type QueueProgress, type QueueRequest } from "./queue.ts";
export { afterEffortRefused, probeTurns, type ProbeTurn } from "./probe-turns.ts";
export type { ProbeAttempt, ProbeRunner } from "./runner.ts";
export { poolRunway, type Runway } from "./runway.ts";
export { createProbeSchedule, type ProbeSchedule, type ScheduleDeps } from "./schedule.ts";
export { parseUsageAnswer } from "./usage-answer.ts";
export { createUsageEndpoint, type UsageEndpointDeps } from "./usage-endpoint.ts";
