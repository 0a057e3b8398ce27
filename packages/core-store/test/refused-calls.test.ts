import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { emptyStore, epochMs, removeAccount, type Failure, type StoreV2 } from "@open-multi-auth/domain";
import { ok, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import type { PoolStore } from "../src/index.ts";
import {
  createFileLock,
  createJsonFile,
  createJsonLines,
  createSnapshots,
  decryptStore,
  encryptionOf,
  encryptStore,
  openBackup,
  openStore,
  readBackup,
  readEarlierStore,
  readOwnFile,
  removeOwnFile,
  setAside,
  thisProcess,
  writeBackup,
  writeOwnFile,
} from "../src/node/index.ts";
import { dressed } from "../src/node/sealed-bytes.ts";
import { storeText } from "../src/store-text.ts";
import { earlierText } from "./earlier-stores.ts";
import { refuseEachCall, type Begin, type Begun } from "./refused-calls.ts";
import { random, testAccount, withAccount } from "./support.ts";
import { KEY, KEYS } from "./torture/sealing.ts";

const clock = { now: () => epochMs(Date.UTC(2026, 10, 21, 12)) };
const deps = { clock, random, keys: KEYS };
const store = withAccount(withAccount(emptyStore(), testAccount("work")), testAccount("home"));
const text = storeText(store);
const sealed = dressed(text, KEY);
const broken = JSON.stringify({ ...store, accounts: { ...store.accounts, bad: { alias: "bad" } } });
const inFolder = (folder: string) => ({ ...deps, folder, file: join(folder, "store.json") });

/** Files with these contents, all of an age. */
function put(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content, { mode: 0o600 });
    utimesSync(path, 1_790_000_000, 1_790_000_000);
  }
}

const open = (folder: string, file?: string): ResultAsync<PoolStore, Failure> =>
  openStore({ ...deps, folder, ...(file && { file: join(folder, file) }) });
/** Opens and closes a store among these files. */
const opening =
  (files: Readonly<Record<string, string | Uint8Array>>, file?: string): Begin =>
  async (folder) => {
    put(folder, files);
    return { run: () => open(folder, file).andThen((opened) => opened.close()) };
  };
/** Works on a store that is open. */
const opened =
  (
    run: (store: PoolStore, folder: string) => ResultAsync<unknown, Failure>,
    begin?: (folder: string) => void,
  ): Begin =>
  async (folder) => {
    put(folder, { "store.json": text, "store.json.lkg": text });
    const used = (await open(folder))._unsafeUnwrap();
    begin?.(folder);
    return { run: () => run(used, folder), end: async () => used.close() };
  };
/** Works on these files. */
const among =
  (
    files: Readonly<Record<string, string | Uint8Array>>,
    run: (folder: string) => ResultAsync<unknown, Failure>,
  ): Begin =>
  async (folder) => {
    put(folder, files);
    return { run: () => run(folder) };
  };

const tagged = (state: StoreV2) => ok({ ...state, tag: "new" });
const PLAIN = {
  "store.json": text,
  "store.json.lkg": text,
  "snapshots/store.json.2026-11-20T12-00-00.000Z": text,
};
const SEALED = Object.fromEntries(
  Object.entries(PLAIN).map(([name, content]) => [name, dressed(content, KEY)] as const),
);
const DEAD = JSON.stringify({
  token: "000000-1-1-1-1",
  pid: process.pid,
  start: "1",
  host: thisProcess().host,
});

/** What succeeds has done what it was to do. */
const changes: Readonly<Record<string, Begin>> = {
  "opening a new store": opening({}),
  "restoring a store": opening({ "store.json": "{", "store.json.lkg": text }),
  "beginning anew where both are broken": opening({ "store.json": "{", "store.json.lkg": "[" }),
  "setting a broken account aside": opening({ "store.json": broken, "store.json.lkg": text }),
  "migrating a store": opening({ "store.json": earlierText("v1-first") }),
  "adopting a store": opening({ "accounts.json": earlierText("v1-late") }, "accounts.json"),
  "updating a store": opened((used) => used.update(tagged)),
  "removing an account": opened((used) =>
    used.update((state) => ("home" in state.accounts ? removeAccount(state, "home") : ok(state)), {
      keepReplaced: true,
    }),
  ),
  "flushing what was applied": opened((used) => {
    used.apply((state) => ({ ...state, tag: "new" }), "soon");
    return used.flush();
  }),
  "clearing snapshots": among(PLAIN, (folder) => createSnapshots(inFolder(folder).file, deps).clear()),
  "encrypting a store": among(PLAIN, (folder) => encryptStore({ ...inFolder(folder), key: KEY })),
  "decrypting a store": among(SEALED, (folder) => decryptStore(inFolder(folder))),
  "setting accounts aside": among(SEALED, (folder) =>
    setAside(inFolder(folder).file, [{ alias: "bad", issues: [], entry: {} }], deps),
  ),
  "writing a backup": among({ "a.backup.json": "old" }, (folder) =>
    writeBackup({ ...deps, path: join(folder, "a.backup.json"), store, passphrase: undefined }),
  ),
  "writing a file": among({ file: "old" }, (folder) => writeOwnFile(join(folder, "file"), "new", deps)),
  "removing a file": among({ file: "old" }, (folder) => removeOwnFile(join(folder, "file"))),
  "changing a JSON file": among({ "some.json": '{"n":1}' }, (folder) =>
    createJsonFile(join(folder, "some.json"), deps).update(() => ({ n: 2 })),
  ),
  "changing a JSON file that is broken": among({ "some.json": "{" }, (folder) =>
    createJsonFile(join(folder, "some.json"), deps).update(() => ({ n: 2 })),
  ),
  "taking and giving back a lock": among({}, (folder) => locking(folder)),
  "taking a lock of the dead": among({ "some.lock": DEAD }, (folder) => locking(folder)),
  "appending lines": async (folder) => logging(folder, (lines) => lines.flush()),
};

/** What else they find to do may wait for the next time. */
const looks: Readonly<Record<string, Begin>> = {
  "opening a store": opening({ "store.json": text, "store.json.lkg": text }),
  "opening a store whose last known good copy is behind": opening({
    "store.json": text,
    "store.json.lkg": storeText(emptyStore()),
  }),
  "completing a switch": opening({ ...PLAIN, "store.json": sealed, "store.json.switching": "" }),
  "reading what another process wrote": opened(
    (used) => used.reload(),
    (folder) => put(folder, { "store.json": storeText({ ...store, tag: "theirs" }) }),
  ),
  "closing a store": opened((used) => used.close()),
  "reading snapshots": among(PLAIN, (folder) => createSnapshots(inFolder(folder).file, deps).list()),
  "looking how a store is encrypted": among(SEALED, (folder) => encryptionOf(inFolder(folder).file)),
  "reading a backup": async (folder) => {
    const path = join(folder, "a.backup.json");
    (await writeBackup({ ...deps, path, store, passphrase: undefined }))._unsafeUnwrap();
    return { run: () => readBackup(path).andThen((file) => openBackup(file, undefined)) };
  },
  "reading an earlier store": among({ "accounts.json": earlierText("v1-late") }, (folder) =>
    readEarlierStore({
      path: join(folder, "accounts.json"),
      at: clock.now(),
      passphrase: async () => undefined,
    }),
  ),
  "reading a file": among({ file: "old" }, (folder) => readOwnFile(join(folder, "file"))),
  "reading a JSON file": among({ "some.json": '{"n":1}' }, (folder) =>
    createJsonFile(join(folder, "some.json"), deps).read(),
  ),
  "reading lines": async (folder) => logging(folder, (lines) => lines.read(10)),
  "following lines": async (folder) => logging(folder, (lines) => lines.since(undefined)),
};

const locking = (folder: string): ResultAsync<unknown, Failure> =>
  createFileLock(join(folder, "some.lock"), deps)
    .acquire({ deadlineMs: 5000 })
    .andThen((held) => ResultAsync.fromSafePromise(held.release()));

async function logging(
  folder: string,
  run: (lines: ReturnType<typeof createJsonLines>) => ResultAsync<unknown, Failure>,
): Promise<Begun> {
  put(folder, {
    "some.1-1-1.jsonl": '{"n":1}\n',
    "some.2-1-1.jsonl": '{"n":2}\n',
    "some.jsonl": '{"n":3}\n{"n":',
  });
  const lines = createJsonLines({ folder, name: "some", maxBytes: 1000, maxFiles: 3, clock });
  lines.append({ n: 4 });
  return { run: () => run(lines), end: async () => lines.close() };
}

describe("a disk that refuses one call", () => {
  it.each(Object.entries(changes))(
    "%s: fails as a whole or not at all, and then succeeds",
    async (_, begin) => {
      expect(await refuseEachCall(begin, "it is done")).toBeGreaterThan(0);
    },
  );

  it.each(Object.entries(looks))("%s: fails or not, and then succeeds", async (_, begin) => {
    expect(await refuseEachCall(begin, "some may wait")).toBeGreaterThan(0);
  });
});
