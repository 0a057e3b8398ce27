import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "../src/node/index.ts";
import { earlierText, envelopeOf } from "./earlier-stores.ts";
import { clock, namesIn, openTestStore, plusOne, random, temporaryFolder } from "./support.ts";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

/** The folder with a file named as its store. */
const open = (passphrase?: string) =>
  openStore({
    folder,
    file: join(folder, "accounts.json"),
    clock,
    random,
    earlierPassphrase: passphrase,
  }).map((store) => {
    onTestFinished(async () => void (await store.close()));
    return store;
  });

describe("a store of ours in an earlier shape", () => {
  it("STO-02: is migrated in its place, leaves a copy of the v1 file beside it, and opens as usual then", async () => {
    const file = join(folder, "store.json");
    await writeFile(file, earlierText("v1-late"), { mode: 0o600 });
    const { store } = await openTestStore(folder);
    const quarantined = await namesIn(join(folder, "quarantine"));
    expect(store.report).toMatchObject({
      kind: "opened",
      quarantined: [],
      earlier: {
        file: `${file}.v1`,
        store: file,
        report: { shape: "v1" },
        quarantined: [{ alias: "tokenless", file: join(folder, "quarantine", quarantined[0] ?? "") }],
      },
    });
    expect(await namesIn(folder)).toEqual(["quarantine", "store.json", "store.json.lkg", "store.json.v1"]);
    expect(await readFile(`${file}.v1`, "utf8")).toBe(earlierText("v1-late"));
    expect((await stat(`${file}.v1`)).mode & 0o777).toBe(0o600);
    expect(Object.keys(store.state().accounts)).toEqual(["work", "client.2"]);
    await store.update((state) => ok(plusOne(state)));
    await store.close();
    const again = await openTestStore(folder);
    expect(again.store.report).toEqual({ kind: "opened", quarantined: [] });
    expect(again.store.state().accounts).toEqual(store.state().accounts);
  });

  it("STO-02: gives the same bytes when it is migrated again after a crash", async () => {
    const file = join(folder, "store.json");
    const texts: string[] = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      await writeFile(file, earlierText("baseline-v2"));
      await utimes(file, 1_790_000_000, 1_790_000_000);
      const { store } = await openTestStore(folder);
      await store.close();
      texts.push(await readFile(file, "utf8"));
    }
    expect(texts[1]).toBe(texts[0]);
    expect(await namesIn(folder)).toEqual(["store.json", "store.json.baseline-v2", "store.json.lkg"]);
  });

  it("is migrated once by many who open it at the same time", async () => {
    await writeFile(join(folder, "store.json"), earlierText("v1-first"));
    const opened = await Promise.all(Array.from({ length: 8 }, () => openTestStore(folder)));
    expect(opened.filter(({ store }) => store.report.earlier !== undefined)).toHaveLength(1);
    for (const { store } of opened) expect(Object.keys(store.state().accounts)).toEqual(["work", "home"]);
    expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg", "store.json.v1"]);
  });

  it("STO-03: a newer store is refused and left as it is", async () => {
    const text = JSON.stringify({ ...JSON.parse(earlierText("oc-codex")), version: 4 });
    await writeFile(join(folder, "store.json"), text, { mode: 0o600 });
    const opened = await openStore({ folder, clock, random });
    expect(opened._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_UNSUPPORTED",
      details: { shape: "newer", version: 4 },
    });
    expect(await readFile(join(folder, "store.json"), "utf8")).toBe(text);
    expect(await namesIn(folder)).toEqual(["store.json"]);
  });
});

describe("a file of an earlier plugin that is named as the store", () => {
  it("AUT-03: is imported from once and left alone", async () => {
    const file = join(folder, "accounts.json");
    await writeFile(file, earlierText("baseline-v2"), { mode: 0o600 });
    await writeFile(`${file}.lkg`, earlierText("v1-first"), { mode: 0o600 });
    const before = await stat(file, { bigint: true });
    const store = (await open())._unsafeUnwrap();
    const own = join(folder, "accounts.store.json");
    expect(store.report.earlier).toMatchObject({ file, store: own, report: { shape: "baseline-v2" } });
    const removed = await store.update((state) =>
      ok({ ...state, accounts: {}, activeAlias: null, forcedAlias: null }),
    );
    expect(removed.isOk()).toBe(true);
    await store.close();
    expect((await open())._unsafeUnwrap().state().accounts).toEqual({});
    expect(await readFile(file, "utf8")).toBe(earlierText("baseline-v2"));
    expect(await stat(file, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
    expect(await readFile(`${file}.lkg`, "utf8")).toBe(earlierText("v1-first"));
    expect(await namesIn(folder)).toEqual([
      "accounts.json",
      "accounts.json.lkg",
      "accounts.store.json",
      "accounts.store.json.lkg",
      "snapshots",
    ]);
  });

  it("is opened with its passphrase, and says how when that is missing or wrong", async () => {
    const file = join(folder, "accounts.json");
    const text = envelopeOf(earlierText("v1-first"), "correct horse");
    await writeFile(file, text, { mode: 0o600 });
    for (const wrong of [undefined, "battery staple"]) {
      const error = (await open(wrong))._unsafeUnwrapErr();
      expect(error).toMatchObject({ code: "STORE_UNSUPPORTED", details: { shape: "encrypted" } });
      expect(error.details).toHaveProperty("fix", expect.stringContaining("CODEX_SOFT_STORE_PASSPHRASE"));
      expect(await namesIn(folder)).toEqual(["accounts.json"]);
    }
    const store = (await open("correct horse"))._unsafeUnwrap();
    expect(Object.keys(store.state().accounts)).toEqual(["work", "home"]);
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("is refused when it is nothing that we know", async () => {
    const file = join(folder, "accounts.json");
    await writeFile(file, '{"hello":"world"}');
    expect((await open())._unsafeUnwrapErr()).toMatchObject({ code: "STORE_UNSUPPORTED" });
    expect(await readFile(file, "utf8")).toBe('{"hello":"world"}');
    expect(await namesIn(folder)).toEqual(["accounts.json"]);
  });
});
