import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  accountId,
  epochMs,
  newAccount,
  parseAlias,
  type Account,
  type StoreV2,
} from "@open-multi-auth/domain";
import { onTestFinished } from "vitest";
import type { KeySource, PoolStore, StoreError } from "../src/index.ts";
import { openStore } from "../src/node/index.ts";
import type { commands } from "./worker.ts";

export const clock = { now: () => epochMs(Date.now()) };
export const random = { next: Math.random };

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "core-store-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that is closed after the test, and the problems it told of. */
export async function openTestStore(
  folder: string,
  options: { pollMs?: number; lockDeadlineMs?: number; keys?: KeySource } = {},
): Promise<{ store: PoolStore; problems: StoreError[] }> {
  const problems: StoreError[] = [];
  const onProblem = (problem: StoreError) => void problems.push(problem);
  const store = (await openStore({ folder, clock, random, onProblem, ...options }))._unsafeUnwrap();
  onTestFinished(async () => void (await store.close()));
  return { store, problems };
}

export function testAccount(name: string, fields: Partial<Account> = {}): Account {
  const linked = {
    accessToken: `access-${name}`,
    refreshToken: `refresh-${name}`,
    expiresAt: epochMs(0),
    source: "codex" as const,
  };
  const id = accountId(`id-${name}`);
  return { ...newAccount(id, parseAlias(name)._unsafeUnwrap(), linked, epochMs(1000)), ...fields };
}

export const withAccount = (store: StoreV2, account: Account): StoreV2 => ({
  ...store,
  accounts: { ...store.accounts, [account.alias]: account },
});

export const plusOne = (store: StoreV2): StoreV2 => ({
  ...store,
  rotation: { ...store.rotation, cursor: store.rotation.cursor + 1 },
});

/** Waits until `probe` holds; asks again and again, for at most `withinMs`. */
export async function until(probe: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${probe.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The bytes of every file in a folder and below, by its path in it. */
export async function filesIn(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.toSorted().map(async (path) => [relative(folder, path), await readFile(path)] as const),
  );
  return Object.fromEntries(files);
}

/** Names of what is in a folder, sorted. */
export const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder)).toSorted();

/** Makes a thing at which reading and writing wait for another process. */
export const makeFifo = (path: string): Buffer => execFileSync("/bin/sh", ["-c", 'mkfifo "$0"', path]);

type Commands = typeof commands;

/** A process that works on stores and locks as it is told. */
export interface Worker {
  readonly process: ChildProcess;
  call<Name extends keyof Commands>(
    name: Name,
    ...args: Parameters<Commands[Name]>
  ): Promise<Awaited<ReturnType<Commands[Name]>>>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

interface WorkerOptions {
  /** The size, in blocks of 512 bytes, at which the system refuses to let a file grow. */
  readonly maxFileBlocks?: number;
  /** When killed by its own pid it stays a zombie until `kill`. */
  readonly uncollected?: boolean;
}

interface Answer {
  readonly id: number;
  readonly value: never;
  readonly thrown?: string;
}

interface Call {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: Error) => void;
}

const SOURCE = "--conditions=@open-multi-auth/source";
const workerFile = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Starts a {@link Worker} in Node or Bun; it is killed after the test. */
export function startWorker(runtime: "node" | "bun" = "node", options: WorkerOptions = {}): Worker {
  const command = runtime === "node" ? process.execPath : bunBinary();
  const { maxFileBlocks = "unlimited", uncollected = false } = options;
  // `sleep` does not collect the children that it inherits from the shell.
  const run = uncollected ? 'exec 3<&0; "$@" <&3 & exec sleep 60' : 'exec "$@"';
  const shell = ["-c", `ulimit -f "$0"; ${run}`, String(maxFileBlocks), command, SOURCE, workerFile];
  const child = spawn("/bin/sh", shell, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const waiting = new Map<number, Call>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer: Answer = JSON.parse(line);
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.thrown === undefined) call?.resolve(answer.value);
    else call?.reject(new Error(answer.thrown));
  });
  child.on("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("the worker is gone"));
  });
  child.stdin.on("error", () => undefined);
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  onTestFinished(kill);
  let calls = 0;
  return {
    process: child,
    kill,
    call: (name, args?: object) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id: calls, name, args: args ?? {} })}\n`);
      }),
  };
}

export function bunBinary(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("bun/package.json")), "bin", "bun.exe");
}

/** What this process has open of a folder. */
export async function openFilesIn(folder: string): Promise<string[]> {
  const descriptors = await readdir("/proc/self/fd");
  const paths = descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
  return (await Promise.all(paths)).filter((path) => path.startsWith(folder));
}
