import fs, { type FSWatcher } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { Failure } from "@open-multi-auth/domain";
import type { ResultAsync } from "neverthrow";
import { expect, onTestFinished } from "vitest";
import { openBytes } from "../src/node/sealed-bytes.ts";
import { temporaryFolder, until } from "./support.ts";
import { intercept, type Step } from "./torture/steps.ts";
import { KEYS } from "./torture/sealing.ts";

/** What is tried, from the same beginning each time. */
export interface Begun {
  readonly run: () => ResultAsync<unknown, Failure>;
  /** Lets go of what is still open. */
  readonly end?: () => Promise<unknown>;
}

/** Brings about what an operation begins with, in an empty folder. */
export type Begin = (folder: string) => Promise<Begun>;

/** `some may wait`: what it finds to do besides is left for the next time where the disk refuses. */
export type Success = "it is done" | "some may wait";

const REFUSALS = ["EIO", "ENOSPC", "EACCES"] as const;
/** The lock of a store has tests of its own, and tries again for a while where it cannot be given back. */
const SPARED = /^(lstat|stat|unlink|writeFile|close) lock\b/;
/** There while something goes on. */
const PASSING = /\.tmp-|\.lock$|\.break\.|\.switching$/;
/** Tells the next opening what remains to be done. */
const LEFT = /\.switching$/;
/** In nobody's way, and swept when this process has ended. */
const LEFT_WHERE_UNLINK_FAILED = /\.switching$|\.break\./;
/** What may be there in addition: a state is kept again where it was not known to be. */
const MORE = /^snapshots\//;
/** What a failure says of a refused call instead of its error number. */
const IN_WORDS = /cannot be read|may not be read/;

/**
 * Refuses each call of an operation to the file system once, one try after the other. Each try ends, and does so with
 * success or with a failure that names the file and the refusal; each file holds what it held before or what it is to
 * hold; nothing passing stays behind, nothing stays open, and the same operation then succeeds.
 *
 * @returns how many calls there are
 */
export async function refuseEachCall(begin: Begin, success: Success): Promise<number> {
  const folder = join(await temporaryFolder(), "of-the-test");
  const disk = await watchedDisk(folder);
  const { after: next } = await attempt(folder, disk, begin);
  for (let at = 0; ; at += 1) {
    const { refused } = await attempt(folder, disk, begin, { at, success, next }).catch((thrown: unknown) => {
      throw new Error(`refused: ${disk.calls[at]}`, { cause: thrown });
    });
    if (!refused) return at;
  }
}

interface Trial {
  /** Which call is refused. */
  readonly at: number;
  readonly success: Success;
  /** What is there in the end. */
  readonly next: Files;
}

async function attempt(
  folder: string,
  disk: Disk,
  begin: Begin,
  trial?: Trial,
): Promise<{ refused: boolean; after: Files }> {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { mode: 0o700 });
  const { run, end } = await begin(folder);
  const [before, handles] = [await filesOf(folder), disk.open()];
  const errno = REFUSALS[(trial?.at ?? 0) % REFUSALS.length] ?? "EIO";
  disk.refuse(trial?.at, errno);
  const result = await run();
  const refused = disk.heal();
  if (result.isErr()) {
    if (!refused) throw new Error("failed without a refusal", { cause: result.error });
    namesIt(result.error, folder, errno);
  }
  const mayStay = disk.calls[trial?.at ?? 0]?.startsWith("unlink") ? LEFT_WHERE_UNLINK_FAILED : LEFT;
  const after = await settled(folder, mayStay, Object.keys(before));
  if (trial !== undefined) {
    const isDone = result.isOk() && trial.success === "it is done";
    isOldOrNew(after, isDone ? trial.next : before, trial.next);
  }
  (await run())._unsafeUnwrap();
  const last = await settled(folder, mayStay);
  if (trial !== undefined) isOldOrNew(last, trial.next, trial.next);
  await until(() => disk.open() <= handles);
  await end?.();
  await until(() => disk.open() === 0);
  return { refused, after };
}

function namesIt({ code, message, details }: Failure, folder: string, errno: string): void {
  expect(code).toMatch(/^[A-Z_]+$/);
  expect(message).toContain(folder);
  if (IN_WORDS.test(message)) return;
  expect(message).toContain(errno);
  expect(details).toMatchObject({ errno, path: expect.stringContaining(folder) });
  expect(message).toContain(Reflect.get(details, "path"));
}

function isOldOrNew(after: Files, old: Files, next: Files): void {
  for (const name of new Set([after, old, next].flatMap((files) => Object.keys(files)))) {
    if (MORE.test(name) && !(name in next)) continue;
    expect([old, next].map((files) => ({ [name]: files[name] }))).toContainEqual({ [name]: after[name] });
  }
}

type Files = Readonly<Record<string, string>>;

/** The files, when all that passes is gone but what was there before. */
async function settled(folder: string, mayStay: RegExp, before: readonly string[] = []): Promise<Files> {
  const isOver = (name: string): boolean =>
    !PASSING.test(name) || mayStay.test(name) || before.includes(name);
  await until(() => namesOf(folder).every(isOver), 5000);
  const files = await filesOf(folder);
  return Object.fromEntries(Object.entries(files).filter(([name]) => !PASSING.test(name)));
}

const namesOf = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));

/** What is in each file, whether it is sealed, and its mode. */
async function filesOf(folder: string): Promise<Files> {
  const files: Record<string, string> = {};
  for (const name of namesOf(folder)) {
    const path = join(folder, name);
    const opened = await openBytes(name, fs.readFileSync(path), KEYS);
    const text = "bytes" in opened ? Buffer.from(opened.bytes).toString() : opened.kind;
    const dress = "key" in opened && opened.key !== undefined ? "sealed" : "plain";
    files[name] = `${dress} ${(fs.statSync(path).mode & 0o777).toString(8)} ${text}`;
  }
  return files;
}

interface Disk {
  /** All calls since the last try began. */
  readonly calls: string[];
  refuse(at: number | undefined, errno: string): void;
  /** Whether a call was refused; from now on none is. */
  heal(): boolean;
  /** How many files, folders and watchers are open. */
  open(): number;
}

async function watchedDisk(folder: string): Promise<Disk> {
  let refusing: { at: number | undefined; errno: string } | undefined;
  let open = 0;
  const calls: string[] = [];
  const told = (what: string): void => {
    if (refusing === undefined || SPARED.test(what)) return;
    calls.push(what);
    if (calls.length - 1 !== refusing.at) return;
    throw Object.assign(new Error(`${refusing.errno}: refused by the test`), { code: refusing.errno });
  };
  const around = async ({ name, file }: Step, run: () => Promise<unknown>): Promise<unknown> => {
    // A descriptor is closed even where the system complains about it.
    if (name === "close") {
      open -= 1;
      await run();
    }
    told(`${name} ${file}`);
    // Nobody cuts the power.
    if (name === "close" || name === "sync") return undefined;
    const result = await run();
    if (name === "open") open += 1;
    return result;
  };
  const stop = await intercept(folder, around);
  const watch = fs.watch;
  const watching = (path: string, ...rest: unknown[]): FSWatcher => {
    const isOurs = path.startsWith(folder);
    if (isOurs) told("watch");
    const watcher: FSWatcher = Reflect.apply(watch, fs, [path, ...rest]);
    if (!isOurs) return watcher;
    open += 1;
    return watcher.once("close", () => (open -= 1));
  };
  Object.assign(fs, { watch: watching });
  syncBuiltinESMExports();
  onTestFinished(() => {
    stop();
    Object.assign(fs, { watch });
    syncBuiltinESMExports();
  });
  return {
    calls,
    refuse: (at, errno) => {
      calls.length = 0;
      refusing = { at, errno };
    },
    heal: () => {
      const wasRefused = refusing?.at !== undefined && calls.length > refusing.at;
      refusing = undefined;
      return wasRefused;
    },
    open: () => open,
  };
}
