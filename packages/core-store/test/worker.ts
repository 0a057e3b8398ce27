// A process of its own for tests: commands come as JSON lines on stdin, answers go as JSON lines to stdout.
import { open, unlink } from "node:fs/promises";
import { createInterface } from "node:readline";
import { emptyStore, epochMs } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import type { PoolStore, StoreError } from "../src/index.ts";
import {
  createFileLock,
  createJsonFile,
  createJsonLines,
  createKeychain,
  createKeySource,
  openStore,
  writeBackup,
  type Held,
} from "../src/node/index.ts";

const clock = { now: () => epochMs(Date.now()) };
const random = { next: Math.random };
const held: Held[] = [];
const problems: string[] = [];
let store: PoolStore | undefined;

const onProblem = ({ code }: StoreError): void => void problems.push(code);

const opened = (): PoolStore => {
  if (store === undefined) throw new Error("no store is open");
  return store;
};
const increment = () =>
  opened().update((state) =>
    ok({ ...state, rotation: { ...state.rotation, cursor: state.rotation.cursor + 1 } }),
  );
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

export const commands = {
  open: async ({ folder, passphrase }: { folder: string; passphrase?: string }) => {
    const keychain = createKeychain("linux", async () => ({ kind: "missing" }));
    const keys = createKeySource({ passphrase: async () => passphrase, keychain, clock });
    const result = await openStore({ folder, clock, random, onProblem, keys });
    if (result.isErr()) return result.error;
    store = result.value;
    return store.report;
  },
  /** Adds one to the cursor, `times` times: one after the other, or all at once. */
  increment: async ({ times, atOnce }: { times: number; atOnce: boolean }) => {
    const failures: string[] = [];
    const one = async () => {
      const result = await increment();
      if (result.isErr()) failures.push(result.error.code);
    };
    if (atOnce) await Promise.all(numbers(times).map(one));
    else for (let count = 0; count < times; count += 1) await one();
    return failures;
  },
  /** Counts in a field of its own, again and again until the process is killed. */
  countForever: async () => {
    void (async () => {
      for (let count = 1; ; count += 1) await opened().update((state) => ok({ ...state, counted: count }));
    })();
  },
  tag: async ({ tag }: { tag: string }) => {
    opened().apply((state) => ({ ...state, tag }), "now");
    return (await opened().flush()).isOk();
  },
  backup: async ({ path }: { path: string }) =>
    (await writeBackup({ path, store: emptyStore(), passphrase: undefined, clock, random })).isOk(),
  umask: async ({ mask }: { mask: number }) => process.umask(mask),
  /** Gives up root: permissions do not hold it. */
  become: async ({ uid }: { uid: number }) => process.setuid?.(uid),
  state: async () => opened().state(),
  problems: async () => problems,
  close: async () => (await opened().close()).isOk(),
  /** Takes a lock and keeps it. */
  lock: async ({ paths }: { paths: string[] }) => {
    for (const path of paths) {
      const result = await createFileLock(path, { clock, random }).acquire({ deadlineMs: 10_000 });
      if (result.isErr()) return result.error;
      held.push(result.value);
    }
    return undefined;
  },
  /** Takes a lock, leaves a mark that no second holder could leave, and gives the lock back. */
  enter: async ({ path }: { path: string }) => {
    const result = await createFileLock(path, { clock, random }).acquire({ deadlineMs: 30_000 });
    if (result.isErr()) return result.error.code;
    const alone = await open(`${path}.inside`, "wx").catch(() => undefined);
    await alone?.close();
    await new Promise(setImmediate);
    if (alone !== undefined) await unlink(`${path}.inside`);
    await result.value.release();
    return alone === undefined ? "two holders" : "alone";
  },
  /** Adds one to the count in a JSON file, `times` times. */
  count: async ({ path, times }: { path: string; times: number }) => {
    const file = createJsonFile(path, { clock, random });
    for (let count = 0; count < times; count += 1) {
      const changed = await file.update((value) => ({ count: 1 + countIn(value) }));
      if (changed.isErr()) throw new Error(changed.error.message);
    }
  },
  lines: async ({ folder, from, count }: { folder: string; from: string; count: number }) => {
    const lines = createJsonLines({ folder, name: "decisions", maxBytes: 20_000, maxFiles: 1000, clock });
    for (const n of numbers(count)) {
      lines.append({ from, n, filler: "x".repeat(n % 400) });
      if (n % 10 === 0) await lines.flush();
    }
    return (await lines.close()).isOk();
  },
};

const countIn = (value: unknown): number =>
  typeof value === "object" && value !== null && "count" in value ? Number(value.count) : 0;

interface Command {
  id: number;
  name: keyof typeof commands;
  args: never;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, name, args }: Command = JSON.parse(line);
  void Promise.resolve(commands[name](args)).then(
    (value: unknown) => process.stdout.write(`${JSON.stringify({ id, value })}\n`),
    (thrown: unknown) => process.stdout.write(`${JSON.stringify({ id, thrown: String(thrown) })}\n`),
  );
}
