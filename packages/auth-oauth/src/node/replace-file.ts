import { mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { readAuthFileText } from "./auth-file-text.ts";

/** `left-alone`: the file is gone, or holds another login or newer tokens. */
export type WriteBackOutcome = "written" | "left-alone";

/**
 * Replaces another tool's file as a whole or not at all, unless the tool has written it by itself in the meantime. Its
 * mode stays, and a symbolic link stays one: its target is replaced.
 */
export async function replaceIfStill(
  path: string,
  expected: string,
  content: string,
): Promise<WriteBackOutcome> {
  const target = await realpath(path);
  const { mode } = await stat(target);
  return putInPlace(target, content, {
    mode: mode & 0o777,
    mayReplace: async () => (await readAuthFileText(target)).unwrapOr("") === expected,
  });
}

/** Creates another tool's file, for its owner only, unless it has come to be in the meantime. */
export async function createIfMissing(path: string, content: string): Promise<WriteBackOutcome> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return putInPlace(path, content, { mode: 0o600, mayReplace: () => isMissing(path) });
}

interface Placing {
  readonly mode: number;
  /** Asked last before the file is replaced. */
  readonly mayReplace: () => Promise<boolean>;
}

async function putInPlace(
  target: string,
  content: string,
  { mode, mayReplace }: Placing,
): Promise<WriteBackOutcome> {
  // One name, so that a crash leaves at most one such file, and the next write removes it.
  const temporary = `${target}.open-multi-auth.tmp`;
  try {
    await rm(temporary, { force: true });
    await writeDurably(temporary, content, mode);
    if (!(await mayReplace())) return "left-alone";
    await rename(temporary, target);
    // Not every system can sync a folder; the file is in place either way.
    await Promise.allSettled([syncFolder(dirname(target))]);
    return "written";
  } finally {
    await rm(temporary, { force: true });
  }
}

async function isMissing(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined;
}

async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
