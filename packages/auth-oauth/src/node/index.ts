export { readAuthFile } from "./read-auth-file.ts";
export { createSharedFiles } from "./shared-files.ts";
export { writeBackIfUnchanged, type WriteBackOutcome } from "./write-back.ts";
