export { readAuthFile } from "./read-auth-file.ts";
export { createSharedFiles } from "./shared-files.ts";
export type { WriteBackOutcome } from "./replace-file.ts";
export { writeBackIfUnchanged } from "./write-back.ts";
export { readCodexFile, writeCodexLogin, type CodexFile } from "./write-codex-login.ts";
export {
  listenForCallback,
  type CallbackListener,
  type CallbackWish,
  type RedirectPortsTaken,
} from "./callback-listener.ts";
export type { CallbackOutcome } from "./callback-request.ts";
