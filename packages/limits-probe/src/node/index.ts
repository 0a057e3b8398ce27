export { createAppServerRunner } from "./app-server-runner.ts";
export { createExecRunner, type ExecRunnerDeps } from "./exec-runner.ts";
export type { CodexCliDeps } from "./with-codex.ts";
