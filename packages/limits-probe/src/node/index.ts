export { createAppServerRunner } from "./app-server-runner.ts";
export type { CodexCliDeps } from "./with-codex.ts";
