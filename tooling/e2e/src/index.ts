export type { OpenCodeFolders } from "./environment.ts";
export { findOpenCode, type Machine, type OpenCodeNotFound } from "./find-opencode.ts";
export { createOpenCodeHome, seedConfigFolder, type OpenCodeHome, type OpenCodeHomeOptions } from "./home.ts";
export type { Ending } from "./process-group.ts";
export { runOpenCode, type OpenCodeRun, type RunOptions } from "./run.ts";
export { serveOpenCode, type OpenCodeServer, type ServeFailed } from "./serve.ts";
export type { Answer } from "./session.ts";
