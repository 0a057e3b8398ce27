import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emptyStore } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { PoolStore } from "../src/index.ts";
import { createFileLock, openStore } from "../src/node/index.ts";
import { dressed } from "../src/node/sealed-bytes.ts";
import { storeKey } from "../src/node/store-key.ts";
import { storeText } from "../src/store-text.ts";
import { earlierText } from "./earlier-stores.ts";
import {
  clock,
  namesIn,
  plusOne,
  random,
  temporaryFolder,
  testAccount,
  until,
  withAccount,
} from "./support.ts";
import { KEYS } from "./torture/sealing.ts";

const LOST = storeKey({ source: "keychain", id: "1".repeat(32) }, Buffer.alloc(32, 1));
const text = storeText(withAccount(emptyStore(), testAccount("work")));
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
});

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), content, { mode: 0o600 });
}

const tryToOpen = (named?: string) =>
  openStore({
    folder,
    clock,
    random,
    keys: KEYS,
    lockDeadlineMs: 0,
    ...(named && { file: join(folder, named) }),
  });

async function open(named?: string): Promise<PoolStore> {
  const store = (await tryToOpen(named))._unsafeUnwrap();
  onTestFinished(async () => void (await store.close()));
  return store;
}

const inode = async (name: string): Promise<number> => (await stat(join(folder, name))).ino;

async function holdLock(name: string): Promise<void> {
  const lock = createFileLock(join(folder, name), { clock, random });
  const held = (await lock.acquire({ deadlineMs: 0 }))._unsafeUnwrap();
  onTestFinished(() => held.release());
}

describe("while another process holds the lock", () => {
  it("a sound store is opened and read", async () => {
    await put({ "store.json": text, "store.json.lkg": text });
    await holdLock("store.json.lock");
    const store = await open();
    expect(Object.keys((await store.reload())._unsafeUnwrap().accounts)).toEqual(["work"]);
    expect((await store.update((state) => ok(plusOne(state))))._unsafeUnwrapErr().code).toBe("STORE_LOCKED");
  });

  it("one of a newer version is refused for what it is", async () => {
    await put({ "store.json": '{"version":7}' });
    await holdLock("store.json.lock");
    expect((await tryToOpen())._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_UNSUPPORTED",
      details: { shape: "newer" },
    });
  });

  it("one that is to be restored, or to be migrated, waits for it", async () => {
    await holdLock("store.json.lock");
    for (const content of ["{", earlierText("v1-first")]) {
      await put({ "store.json": content });
      expect((await tryToOpen())._unsafeUnwrapErr().code).toBe("STORE_LOCKED");
      expect(await readFile(file, "utf8")).toBe(content);
    }
  });

  it("ours is opened in the place of an earlier one from which it was made", async () => {
    await put({ "accounts.json": earlierText("v1-first") });
    await (await open("accounts.json")).close();
    await holdLock("accounts.store.json.lock");
    const { report } = await open("accounts.json");
    expect(report).toStrictEqual({
      kind: "opened",
      quarantined: [],
      earlier: { file: join(folder, "accounts.json"), store: join(folder, "accounts.store.json") },
    });
  });
});

describe("opening a store", () => {
  it("many at the same time make one store of an earlier one", async () => {
    await put({ "accounts.json": earlierText("v1-first") });
    const opened = await Promise.all(
      Array.from({ length: 4 }, () =>
        openStore({ folder, file: join(folder, "accounts.json"), clock, random }).map(async (store) => {
          await store.close();
          return store;
        }),
      ),
    );
    const stores = opened.map((result) => result._unsafeUnwrap());
    for (const store of stores) expect(Object.keys(store.state().accounts)).toEqual(["work", "home"]);
    expect(stores.filter(({ report }) => report.earlier?.report !== undefined)).toHaveLength(1);
    expect(await namesIn(folder)).toEqual([
      "accounts.json",
      "accounts.store.json",
      "accounts.store.json.lkg",
    ]);
  });

  it("needs nobody who listens to its problems", async () => {
    const lost = dressed(text, LOST);
    await put({
      "store.json": text,
      "store.json.lkg": text,
      "store.json.v1": lost,
      "store.json.switching": "",
    });
    expect((await open()).report).toStrictEqual({ kind: "opened", quarantined: [] });
  });

  it("tells nothing but what there is to tell", async () => {
    expect((await open()).report).toStrictEqual({ kind: "created", quarantined: [] });
  });
});

describe("an open store", () => {
  it("is not written where nothing changes, also after another process wrote it", async () => {
    await put({ "store.json": text, "store.json.lkg": text });
    const store = await open();
    const before = await inode("store.json");
    (await store.update((state) => ok(state)))._unsafeUnwrap();
    expect(await inode("store.json")).toBe(before);
    const theirs = await open();
    (await theirs.update((state) => ok(plusOne(state))))._unsafeUnwrap();
    const written = await inode("store.json");
    expect(written).not.toBe(before);
    (await store.update((state) => ok(state)))._unsafeUnwrap();
    expect([store.state().rotation.cursor, await inode("store.json")]).toEqual([1, written]);
  });

  it("is written again where somebody removed it but not its copy", async () => {
    await put({ "store.json": text, "store.json.lkg": text });
    const store = await open();
    await rm(file);
    (await store.reload())._unsafeUnwrap();
    expect(await readFile(file, "utf8")).toBe(text);
    expect(Object.keys(store.state().accounts)).toEqual(["work"]);
  });

  it("is narrowed to its person when another tool widened it", async () => {
    await put({ "store.json": text, "store.json.lkg": text });
    const store = await open();
    await rm(file);
    await writeFile(file, storeText({ ...emptyStore(), theirs: 1 }), { mode: 0o644 });
    (await store.reload())._unsafeUnwrap();
    expect(store.state()["theirs"]).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("leaves its last known good copy alone while only counts change, and no longer than that", async () => {
    await put({ "store.json": text, "store.json.lkg": text });
    const store = await open();
    const before = await inode("store.json.lkg");
    (await store.update((state) => ok(plusOne(state))))._unsafeUnwrap();
    expect(await inode("store.json.lkg")).toBe(before);
    (await store.update((state) => ok({ ...state, tag: 1 })))._unsafeUnwrap();
    expect(await inode("store.json.lkg")).not.toBe(before);
    await until(async () => (await readFile(`${file}.lkg`, "utf8")) === (await readFile(file, "utf8")));
  });
});
