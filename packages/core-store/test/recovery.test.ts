import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emptyStore, type StoreV2 } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../src/node/index.ts";
import {
  clock,
  namesIn,
  openTestStore,
  plusOne,
  random,
  temporaryFolder,
  testAccount,
  until,
  withAccount,
} from "./support.ts";

let folder: string;
let file: string;
let snapshot: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
  snapshot = `${file}.lkg`;
});

/** A store with one account that was used and closed before. */
async function usedBefore(): Promise<void> {
  const { store } = await openTestStore(folder);
  await store.update((state) => ok(withAccount(state, testAccount("work"))));
  await store.close();
}

const read = async (path: string): Promise<StoreV2> => JSON.parse(await readFile(path, "utf8"));

describe("opening", () => {
  it("STO-09: a missing store initializes itself", async () => {
    const { store } = await openTestStore(join(folder, "new", "deep"));
    expect(store.report).toEqual({ kind: "created", quarantined: [] });
    expect(await read(join(folder, "new", "deep", "store.json"))).toEqual(emptyStore());
  });

  it("STO-09: an empty store without a snapshot initializes itself", async () => {
    await writeFile(file, "");
    const { store } = await openTestStore(folder);
    expect(store.report).toEqual({ kind: "created", quarantined: [] });
    expect(await read(file)).toEqual(emptyStore());
    expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);
  });

  it("reads a sound store without writing or locking anything", async () => {
    await usedBefore();
    const before = await stat(file, { bigint: true });
    const { store } = await openTestStore(folder);
    expect(store.report).toEqual({ kind: "opened", quarantined: [] });
    await store.close();
    expect(await stat(file, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
  });

  it("restores a store that was removed without its snapshot", async () => {
    await usedBefore();
    await rm(file);
    const { store } = await openTestStore(folder);
    expect(store.report).toEqual({ kind: "restored", quarantined: [] });
    expect(Object.keys(store.state().accounts)).toEqual(["work"]);
  });

  const damages: [string, string, () => Promise<void>][] = [
    ["truncated", "", async () => truncate(file, 100)],
    ["zero-byte", "", async () => truncate(file, 0)],
    ["non-JSON", "", async () => writeFile(file, "<html>")],
    ["corrupted", "", async () => writeFile(file, Buffer.alloc(512))],
    [
      "malformed",
      "rotationStrategy",
      async () => writeFile(file, JSON.stringify({ ...(await read(file)), rotationStrategy: "fastest" })),
    ],
  ];

  it.each(damages)(
    "STO-01, STO-08: restores a %s store from its snapshot, keeps it as evidence, tells once",
    async (_, path, damage) => {
      await usedBefore();
      await damage();
      const bad = await readFile(file);

      const { store } = await openTestStore(folder);
      const { kind, evidence = "", problem } = store.report;
      expect(kind).toBe("restored");
      expect(problem).toMatchObject({
        code: "STORE_CORRUPTED",
        details: { file, path, evidence, restoredFrom: "snapshot" },
      });
      expect(problem?.details.constraint).toMatch(/^must /);
      expect(problem?.message).toContain(file);
      expect(await readFile(evidence)).toEqual(bad);
      expect(Object.keys(store.state().accounts)).toEqual(["work"]);
      expect(await read(file)).toEqual(store.state());

      await store.close();
      const { store: again } = await openTestStore(folder);
      expect(again.report).toEqual({ kind: "opened", quarantined: [] });
    },
  );

  it("STO-08: security 38: a bad store without a snapshot starts empty, says so, and is kept", async () => {
    await usedBefore();
    await writeFile(file, "{");
    await rm(snapshot);
    const { store } = await openTestStore(folder);
    expect(store.report).toMatchObject({
      kind: "created",
      problem: { code: "STORE_CORRUPTED", details: { restoredFrom: "nothing" } },
    });
    expect(await readFile(store.report.evidence ?? "", "utf8")).toBe("{");
    expect(store.state().accounts).toEqual({});
  });

  it("STO-08: a bad snapshot is kept as evidence too", async () => {
    await usedBefore();
    await writeFile(file, "{");
    await writeFile(snapshot, "[");
    await openTestStore(folder);
    const texts = (await namesIn(folder))
      .filter((name) => name.includes(".corrupt-"))
      .map((name) => readFile(join(folder, name), "utf8"));
    expect((await Promise.all(texts)).toSorted()).toEqual(["[", "{"]);
  });

  it("mends a snapshot that is behind: a writer was killed between the two renames", async () => {
    await usedBefore();
    await writeFile(snapshot, JSON.stringify(emptyStore()));
    await openTestStore(folder);
    await until(async () => Object.keys((await read(snapshot)).accounts).length > 0);
    expect(await read(snapshot)).toEqual(await read(file));
  });

  it("STO-01: quarantines a malformed account whole; the others stay usable", async () => {
    await usedBefore();
    const state = await read(file);
    const broken = { ...testAccount("home"), expiresAt: "soon", later: 1 };
    await writeFile(file, JSON.stringify({ ...state, accounts: { ...state.accounts, home: broken } }));

    const { store } = await openTestStore(folder);
    expect(store.report).toMatchObject({
      kind: "opened",
      quarantined: [{ alias: "home", issues: [{ path: "accounts.home.expiresAt" }] }],
    });
    const kept = store.report.quarantined[0]?.file ?? "";
    expect(await read(kept)).toMatchObject({ alias: "home", account: broken });
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "quarantine"))).mode & 0o777).toBe(0o700);
    expect(Object.keys(store.state().accounts)).toEqual(["work"]);
    expect((await store.update((now) => ok(plusOne(now)))).isOk()).toBe(true);
    expect(Object.keys((await read(file)).accounts)).toEqual(["work"]);
  });

  it("keeps a quarantined account inside its folder, whatever its alias says", async () => {
    await usedBefore();
    const state = await read(file);
    await writeFile(file, JSON.stringify({ ...state, accounts: { "../../escaped": testAccount("home") } }));
    const { store } = await openTestStore(folder);
    expect(store.report.quarantined[0]?.file.startsWith(join(folder, "quarantine", ".._"))).toBe(true);
    expect(await readdir(join(folder, "quarantine"))).toHaveLength(1);
  });

  it.each([
    ["newer", { ...emptyStore(), version: 3, accounts: "another shape" }],
    ["encrypted", { encrypted: true, version: 2, salt: "", iv: "", tag: "", data: "" }],
    ["unknown", { hello: "world" }],
  ])("STO-03: refuses a store of shape %s, says so, and touches nothing", async (shape, json) => {
    await writeFile(file, JSON.stringify(json), { mode: 0o600 });
    const result = await openStore({ folder, clock, random });
    expect(result._unsafeUnwrapErr()).toMatchObject({ code: "STORE_UNSUPPORTED", details: { file, shape } });
    expect(await readFile(file, "utf8")).toBe(JSON.stringify(json));
    expect(await namesIn(folder)).toEqual(["store.json"]);
  });
});

describe("an open store", () => {
  it("STO-08: restores a file that breaks while it is open, and tells once", async () => {
    await usedBefore();
    const { store, problems } = await openTestStore(folder);
    await writeFile(file, "garbage");
    await until(() => problems.length > 0);
    expect(problems).toMatchObject([{ code: "STORE_CORRUPTED", details: { restoredFrom: "snapshot" } }]);
    expect(Object.keys((await read(file)).accounts)).toEqual(["work"]);
    expect((await store.update((state) => ok(plusOne(state)))).isOk()).toBe(true);
    expect(problems).toHaveLength(1);
  });

  it("STO-03: stops writing, but keeps serving, when a newer program rewrites the store", async () => {
    await usedBefore();
    const { store, problems } = await openTestStore(folder);
    const newer = JSON.stringify({ version: 3, pools: [] });
    await writeFile(file, newer);
    await until(() => problems.length > 0);
    store.apply(plusOne, "now");
    const result = await store.update((state) => ok(plusOne(state)));
    expect(result._unsafeUnwrapErr()).toMatchObject({ code: "STORE_UNSUPPORTED" });
    expect(store.state()).toMatchObject({ rotation: { cursor: 1 }, accounts: { work: {} } });
    expect(await readFile(file, "utf8")).toBe(newer);
    expect(problems.map(({ code }) => code)).toEqual(["STORE_UNSUPPORTED"]);
  });

  it("quarantines what another tool breaks while it is open", async () => {
    await usedBefore();
    const { store, problems } = await openTestStore(folder);
    const state = await read(file);
    const accounts = { ...state.accounts, home: { alias: "home" } };
    await writeFile(file, JSON.stringify({ ...state, accounts }));
    await until(() => problems.length > 0);
    expect(problems).toMatchObject([{ code: "ACCOUNT_QUARANTINED", details: { alias: "home" } }]);
    expect(await readdir(join(folder, "quarantine"))).toHaveLength(1);
    expect(Object.keys(store.state().accounts)).toEqual(["work"]);
  });

  it("stays empty after a person removed the store and its snapshot", async () => {
    await usedBefore();
    const { store } = await openTestStore(folder);
    await rm(snapshot);
    await rm(file);
    await until(() => Object.keys(store.state().accounts).length === 0);
    expect((await read(file)).accounts).toEqual({});
  });

  it("survives the removal of its folder", async () => {
    await usedBefore();
    const { store, problems } = await openTestStore(folder, { pollMs: 20 });
    await rm(folder, { recursive: true });
    await until(() => problems.length > 0);
    expect(problems[0]).toMatchObject({ code: "STORE_UNWRITABLE" });
    await mkdir(folder, { mode: 0o700 });
    store.apply(plusOne, "now");
    await until(async () => (await read(file).catch(emptyStore)).rotation.cursor === 1);
  });
});
