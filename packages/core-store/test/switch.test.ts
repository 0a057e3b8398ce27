import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { emptyStore, failure } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it } from "vitest";
import type { StoreError } from "../src/index.ts";
import {
  alignStoreCopies,
  createSnapshots,
  decryptStore,
  encryptionOf,
  encryptStore,
  openStore,
  setAside,
} from "../src/node/index.ts";
import { dressed } from "../src/node/sealed-bytes.ts";
import { storeKey } from "../src/node/store-key.ts";
import { storeText } from "../src/store-text.ts";
import { clock, filesIn, namesIn, random, temporaryFolder, testAccount, withAccount } from "./support.ts";
import { KEY, KEYS } from "./torture/sealing.ts";

/** A key that nobody has any more. */
const LOST = storeKey({ source: "keychain", id: "1".repeat(32) }, Buffer.alloc(32, 1));
const text = storeText(withAccount(emptyStore(), testAccount("work")));
const sealed = Buffer.from(dressed(text, KEY));
const lost = Buffer.from(dressed(text, LOST));
/** It can be known as what it was, and its key is right; its content is not. */
const altered = Buffer.from(sealed.toString().replace(/"data": ".../, '"data": "AAA'));

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
});

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, name), content, { mode: 0o600 });
  }
}

const deps = { keys: KEYS, clock, random };
const encrypt = () => encryptStore({ file, key: KEY, ...deps });
const decrypt = () => decryptStore({ file, ...deps });
const align = () => alignStoreCopies({ file, ...deps });
const names = (paths: readonly string[]): string[] => paths.map((path) => path.slice(folder.length + 1));
const isSealed = async (name: string): Promise<boolean> =>
  !(await readFile(join(folder, name))).equals(Buffer.from(text));

const wrongKey = (path: string): string =>
  `the key in the keychain does not open ${path}; nothing was changed`;

describe("a store that is to be encrypted or decrypted", () => {
  it.each([
    ["encrypted", encrypt],
    ["decrypted", decrypt],
    ["aligned", align],
  ])("is not there to be %s", async (_, run) => {
    expect((await run())._unsafeUnwrapErr()).toEqual(
      failure("STORE_UNREADABLE", `there is no store ${file}`, { path: file, errno: "ENOENT" }),
    );
    expect(await namesIn(folder)).toEqual([]);
  });

  it.each([
    ["damaged-seal", altered],
    ["damaged-seal", sealed.subarray(0, 200)],
    ["newer", Buffer.from(sealed.toString().replace('"version": 3', '"version": 9'))],
  ])("is left as it is where it is %s", async (shape, bytes) => {
    await put({ "store.json": bytes, "store.json.lkg": text });
    const before = await filesIn(folder);
    for (const run of [encrypt, decrypt, align])
      expect((await run())._unsafeUnwrapErr()).toMatchObject({
        code: "STORE_UNSUPPORTED",
        details: { file, shape },
      });
    expect(await filesIn(folder)).toEqual(before);
  });

  it("is left as it is where its key is lost", async () => {
    await put({ "store.json": lost, "store.json.lkg": lost });
    const before = await filesIn(folder);
    expect((await decrypt())._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_KEY_WRONG",
      details: { file },
    });
    expect(await filesIn(folder)).toEqual(before);
  });

  it.each([
    ["in the open", text],
    ["sealed under another key", lost],
    ["damaged", altered],
  ])("takes its last known good copy along: %s", async (_, copy) => {
    await put({ "store.json": text, "store.json.lkg": copy });
    const { rewritten, untouched } = (await encrypt())._unsafeUnwrap();
    expect([names(rewritten), untouched]).toEqual([["store.json", "store.json.lkg"], []]);
    for (const name of ["store.json", "store.json.lkg"]) expect(await isSealed(name)).toBe(true);

    await put({ "store.json.lkg": copy });
    expect(names((await decrypt())._unsafeUnwrap().rewritten)).toContain("store.json");
    for (const name of ["store.json", "store.json.lkg"]) expect(await isSealed(name)).toBe(false);
  });

  it("makes no last known good copy where there was none, and rewrites nothing that has its form", async () => {
    await put({ "store.json": text });
    expect(names((await encrypt())._unsafeUnwrap().rewritten)).toEqual(["store.json"]);
    const before = await filesIn(folder);
    expect((await encrypt())._unsafeUnwrap()).toEqual({ rewritten: [], untouched: [] });
    expect((await align())._unsafeUnwrap()).toEqual({ rewritten: [], untouched: [] });
    expect(await filesIn(folder)).toEqual(before);
    expect(Object.keys(before)).toEqual(["store.json"]);
  });

  it("says why copies stay as they were, and decrypts the others", async () => {
    await put({
      "store.json": sealed,
      "store.json.v1": sealed,
      "store.json.corrupt-1": lost,
      "store.json.corrupt-2": altered,
      "store.json.corrupt-3": text,
      "snapshots/store.json.2026": sealed,
      "quarantine/bad.json": sealed,
    });
    const { rewritten, untouched } = (await decrypt())._unsafeUnwrap();
    expect(names(rewritten)).toEqual([
      "store.json",
      "store.json.v1",
      "snapshots/store.json.2026",
      "quarantine/bad.json",
    ]);
    expect(untouched).toEqual([
      { file: `${file}.corrupt-1`, why: wrongKey(`${file}.corrupt-1`) },
      { file: `${file}.corrupt-2`, why: "it is encrypted and damaged" },
    ]);
    expect((await encryptionOf(file))._unsafeUnwrap()).toEqual({
      store: "off",
      others: [`${file}.corrupt-1`, `${file}.corrupt-2`],
    });
  });

  it("takes no notice of what is no copy of it", async () => {
    const others = {
      "store.json.lock.bak": text,
      "store.json.switching-not": text,
      "store.json.tmp-mine": text,
      "store.json.lkg.break.mine": text,
      "store.jsonx": text,
      "other.json": text,
      "snapshots/other.json.1": text,
      "snapshots/store.json.tmp-1": text,
      "quarantine/bad.json.tmp-1": text,
    };
    await put({ "store.json": text, ...others });
    expect(names((await encrypt())._unsafeUnwrap().rewritten)).toEqual(["store.json"]);
    for (const name of Object.keys(others)) expect(await isSealed(name)).toBe(false);
  });

  it("is off where it is not there, and a passphrase's where nobody can tell any more", async () => {
    expect((await encryptionOf(file))._unsafeUnwrap()).toEqual({ store: "off", others: [] });
    await put({ "store.json": sealed.subarray(0, 200) });
    expect((await encryptionOf(file))._unsafeUnwrap().store).toBe("passphrase");
  });
});

describe("a switch that was cut short", () => {
  it("is completed by the next opening, in the form of the store's file", async () => {
    await put({
      "store.json": sealed,
      "store.json.lkg": text,
      "store.json.v1": text,
      "store.json.switching": "",
    });
    expect(await open()).toMatchObject({ problems: [] });
    for (const name of ["store.json.lkg", "store.json.v1"]) expect(await isSealed(name)).toBe(true);
    expect(await marked()).toBe(false);
  });

  it("goes on waiting, and says so, where a copy's key is lost", async () => {
    await put({
      "store.json": text,
      "store.json.lkg": text,
      "store.json.v1": lost,
      "store.json.switching": "",
    });
    const { report, problems } = await open();
    expect(report.isOk()).toBe(true);
    expect(problems).toMatchObject([{ code: "STORE_KEY_WRONG", message: wrongKey(`${file}.v1`) }]);
    expect(await marked()).toBe(true);
    expect((await align())._unsafeUnwrap()).toEqual({
      rewritten: [],
      untouched: [{ file: `${file}.v1`, why: wrongKey(`${file}.v1`) }],
    });
    expect(await marked()).toBe(true);
  });

  it("does not wait for a link", async () => {
    await put({ "store.json": text, "store.json.lkg": text, "store.json.switching": "" });
    await symlink(file, `${file}.v1`);
    const { report, problems } = await open();
    expect([report.isOk(), problems]).toEqual([true, []]);
    expect(await marked()).toBe(false);
  });

  it.each([
    ["lost", {}],
    ["cut short", { "store.json": sealed.subarray(0, 200) }],
  ])("waits until the store's file is restored that is %s", async (_, files) => {
    await put({ ...files, "store.json.lkg": sealed, "store.json.v1": text, "store.json.switching": "" });
    expect((await open()).report._unsafeUnwrap().kind).toBe("restored");
    expect([await marked(), await isSealed("store.json.v1")]).toEqual([true, false]);
    expect((await open()).report._unsafeUnwrap().kind).toBe("opened");
    expect([await marked(), await isSealed("store.json.v1")]).toEqual([false, true]);
  });

  it("stays as it is where the store is of a newer version", async () => {
    const newer = sealed.toString().replace('"version": 3', '"version": 9');
    await put({ "store.json": newer, "store.json.v1": text, "store.json.switching": "" });
    const before = await filesIn(folder);
    expect((await open()).report._unsafeUnwrapErr()).toMatchObject({
      details: { shape: "newer", version: 9 },
    });
    expect(await filesIn(folder)).toEqual(before);
  });
});

describe("what is beside a store", () => {
  it.each([
    ["in the open", text, "plain"],
    ["sealed", sealed, "sealed"],
  ])("broken entries are set aside in its form: %s", async (_, store, form) => {
    await put({ "store.json": store });
    const issues = [{ path: "accounts.a b", constraint: "must be an object" }];
    const broken = { alias: `a b${"x".repeat(100)}`, issues, entry: 5 };
    const put1 = (await setAside(file, [broken], deps))._unsafeUnwrap();
    expect((await setAside(file, [broken], deps))._unsafeUnwrap()).toEqual(put1);
    const path = put1[0]?.file ?? "";
    expect(put1).toEqual([{ alias: broken.alias, issues, file: path }]);
    expect(names([path])[0]).toMatch(/^quarantine\/a_bx{61}-[0-9a-f]{12}\.json$/);
    const plain = `${JSON.stringify({ alias: broken.alias, issues, account: 5 }, null, 2)}\n`;
    expect((await readFile(path, "utf8")) === plain).toBe(form === "plain");
    expect(await namesIn(join(folder, "quarantine"))).toHaveLength(1);
    expect((await setAside(file, [], deps))._unsafeUnwrap()).toEqual([]);
  });

  const id = "2026-11-21T12-00-00.000Z";
  const state = JSON.parse(text);
  it.each([
    ["no JSON", "{", "it must be JSON in UTF-8"],
    ["empty", "", "it must be a store of version 2"],
    ["of a newer version", '{"version":7}', "it must be a store of version 2"],
    ["sealed under a lost key", lost, "it must be encrypted with the key of the store"],
    ["altered", altered, "it is encrypted, and must be as it was written"],
    [
      "broken in a field",
      JSON.stringify({ ...state, activeAlias: 5 }),
      expect.stringMatching(/^activeAlias must be /),
    ],
    [
      "broken in an account",
      JSON.stringify({ ...state, accounts: { home: 5 } }),
      "accounts.home must be an object",
    ],
  ])("a snapshot cannot be used that is %s", async (_, content, constraint) => {
    await put({ [`snapshots/store.json.${id}`]: content });
    const path = join(folder, "snapshots", `store.json.${id}`);
    const snapshots = createSnapshots(file, deps);
    const [snapshot] = (await snapshots.list())._unsafeUnwrap();
    const error = snapshot?.store._unsafeUnwrapErr();
    expect(snapshot).toMatchObject({ id, takenAt: Date.UTC(2026, 10, 21, 12) });
    expect(error).toEqual({
      code: "SNAPSHOT_INVALID",
      message: `the snapshot ${path} cannot be used: ${error?.details.constraint}`,
      details: { id, path, constraint },
    });
  });

  it("no other file is a snapshot", async () => {
    const snapshots = createSnapshots(file, deps);
    expect((await snapshots.list())._unsafeUnwrap()).toEqual([]);
    expect((await snapshots.clear())._unsafeUnwrap()).toBe(0);
    for (const name of [
      `other.json.${id}`,
      "store.json.2026",
      `store.json.x${id}`,
      `store.json.${id}x`,
      `store.json.9999-99-99T99-99-99.999Z`,
    ])
      await put({ [`snapshots/${name}`]: text });
    expect((await snapshots.list())._unsafeUnwrap()).toEqual([]);
    await put({
      [`snapshots/store.json.${id}`]: text,
      "snapshots/store.json.2026-11-21T12-00-00.001Z": text,
    });
    const list = (await snapshots.list())._unsafeUnwrap();
    expect(list.map(({ takenAt }) => takenAt - Date.UTC(2026, 10, 21, 12))).toEqual([1, 0]);
    expect((await snapshots.clear())._unsafeUnwrap()).toBe(2);
    expect(await namesIn(join(folder, "snapshots"))).toHaveLength(5);
  });
});

/** Opens the store, and closes it again. */
async function open() {
  const problems: StoreError[] = [];
  const opened = await openStore({ folder, ...deps, onProblem: (problem) => void problems.push(problem) });
  const report = opened.map((store) => store.report);
  if (opened.isOk()) await opened.value.close();
  return { report, problems };
}

const marked = async (): Promise<boolean> => (await namesIn(folder)).includes("store.json.switching");
