import { createHook } from "node:async_hooks";
import { mkdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { epochMs, failure } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { findLeftovers, openStore, readEarlierStore } from "../src/node/index.ts";
import { EARLIER, earlierText, envelopeOf } from "./earlier-stores.ts";
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

const read = (path: string, passphrase?: string) =>
  readEarlierStore({ path, at: epochMs(1_795_000_000_000), passphrase: async () => passphrase });

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

describe("readEarlierStore", () => {
  it.each(EARLIER)("AUT-03: reads %s, also through a link, and writes nothing", async (name) => {
    await writeFile(join(folder, "real.json"), earlierText(name));
    await symlink(join(folder, "real.json"), join(folder, "link.json"));
    const earlier = (await read(join(folder, "link.json")))._unsafeUnwrap();
    expect(earlier).toMatchObject({ file: join(folder, "link.json"), encrypted: false, passedOver: [] });
    expect(Object.keys(earlier.store.accounts).length).toBeGreaterThan(0);
    expect(await namesIn(folder)).toEqual(["link.json", "real.json"]);
  });

  it("goes on to the last known good copy, then to the backup, and says which it used", async () => {
    const path = join(folder, "accounts.json");
    await writeFile(`${path}.bak`, earlierText("v1-first"));
    const fromBackup = (await read(path))._unsafeUnwrap();
    expect(fromBackup.file).toBe(`${path}.bak`);
    await writeFile(path, earlierText("baseline-v2").slice(0, 300));
    await writeFile(`${path}.lkg`, earlierText("v1-late"));
    const fromLastKnownGood = (await read(path))._unsafeUnwrap();
    expect(fromLastKnownGood).toMatchObject({
      file: `${path}.lkg`,
      passedOver: [{ file: path, why: "not-json" }],
    });
    expect(Object.keys(fromLastKnownGood.store.accounts)).toEqual(["work", "client.2"]);
  });

  it("decrypts what the baseline encrypted, deriving the key once per process", async () => {
    const path = join(folder, "accounts.json");
    await writeFile(path, envelopeOf(earlierText("baseline-v2"), " spaces count ", "a salt of its own"));
    let derived = 0;
    const hook = createHook({
      init: (_id, type) => void (derived += type === "SCRYPTREQUEST" ? 1 : 0),
    }).enable();
    onTestFinished(() => void hook.disable());
    for (let n = 0; n < 3; n++) {
      const earlier = (await read(path, " spaces count "))._unsafeUnwrap();
      expect(earlier).toMatchObject({ file: path, encrypted: true, report: { shape: "baseline-v2" } });
    }
    expect(derived).toBe(1);
  });

  it("a wrong or missing passphrase is told apart from a broken store, and no older copy is used", async () => {
    const path = join(folder, "accounts.json");
    await writeFile(path, envelopeOf(earlierText("v1-late"), "right"));
    await writeFile(`${path}.lkg`, earlierText("v1-first"));
    expect((await read(path, "wrong"))._unsafeUnwrapErr()).toMatchObject({
      code: "EARLIER_PASSPHRASE_WRONG",
      details: { path },
    });
    expect((await read(path))._unsafeUnwrapErr()).toEqual(
      failure("EARLIER_STORE_ENCRYPTED", `${path} is encrypted with a passphrase`, { path }),
    );
  });

  it.each<[string, (parts: Record<string, unknown>) => object]>([
    ["has no tag", (parts) => ({ ...parts, tag: undefined })],
    ["has half a tag", (parts) => ({ ...parts, tag: `${String(parts["tag"]).slice(0, 11)}=` })],
    ["has no salt", (parts) => ({ ...parts, salt: 7 })],
    ["has no nonce", (parts) => ({ ...parts, iv: undefined })],
    ["has another nonce", (parts) => ({ ...parts, iv: "AAAA" })],
    ["has no content", (parts) => ({ ...parts, data: null })],
    ["has other content", (parts) => ({ ...parts, data: `AAAA${String(parts["data"])}` })],
    ["holds no JSON", () => JSON.parse(envelopeOf("{", "right"))],
  ])("does not open an encrypted store that %s", async (_, change) => {
    const path = join(folder, "accounts.json");
    const whole = envelopeOf(earlierText("v1-late"), "right");
    await writeFile(path, JSON.stringify(change(JSON.parse(whole))));
    const message = `the passphrase does not open ${path}, or the file was damaged`;
    expect((await read(path, "right"))._unsafeUnwrapErr()).toEqual(
      failure("EARLIER_PASSPHRASE_WRONG", message, { path }),
    );
    await writeFile(path, whole);
    expect((await read(path, "right")).isOk()).toBe(true);
  });

  it("tells a key from that of another store whose salt and passphrase are the same in a row", async () => {
    for (const [salt, passphrase] of [
      ["salt of one", "right"],
      ["salt of on", "eright"],
    ] as const) {
      const path = join(folder, `${salt}.json`);
      await writeFile(path, envelopeOf(earlierText("v1-late"), passphrase, salt));
      expect((await read(path, passphrase)).isOk()).toBe(true);
    }
  });

  it.each([
    ["nothing", undefined, "missing"],
    ["no JSON", "{", "not-json"],
    ["JSON of another kind", '{"tokens":{"refresh_token":"rt_secret_value"}}', "unknown-shape"],
    ["an envelope cut short", '{"encrypted":true,"salt":"AA==","iv":"AA==","tag":"","data":1}', undefined],
  ])("says what it is when it is %s, without a word of its content", async (_, text, why) => {
    const path = join(folder, "accounts.json");
    if (text !== undefined) await writeFile(path, text);
    const error = (await read(path, "x"))._unsafeUnwrapErr();
    const expected =
      why === undefined
        ? { code: "EARLIER_PASSPHRASE_WRONG" }
        : { code: "EARLIER_STORE_UNKNOWN", details: { tried: [{ file: path, why }, {}, {}] } };
    expect(error).toMatchObject(expected);
    expect(JSON.stringify(error)).not.toContain("rt_secret");
  });

  it("property: damaged bytes never crash it", async () => {
    const path = join(folder, "accounts.json");
    const whole = [...EARLIER.map(earlierText), envelopeOf(earlierText("v1-first"), "x")];
    const damage = fc.tuple(
      fc.constantFrom(...whole),
      fc.nat(),
      fc.uint8Array({ maxLength: 8 }),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(damage, async ([text, at, bytes, cut]) => {
        const intact = Buffer.from(text);
        const end = at % intact.length;
        const rest = cut ? Buffer.alloc(0) : intact.subarray(end + bytes.length);
        await writeFile(path, Buffer.concat([intact.subarray(0, end), bytes, rest]));
        const result = await read(path, "x");
        expect(result.isOk() || result.error.code !== undefined).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("says that a folder is no store", async () => {
    expect((await read(folder))._unsafeUnwrapErr().message).toContain("is not a file");
  });
});

describe("findLeftovers", () => {
  it("names what holds secrets, and touches none of it", async () => {
    const store = join(folder, "opencode-multi-auth", "accounts.json");
    const own = join(folder, "own", "store.json");
    const files = [
      store,
      `${store}.bak`,
      `${store}.lkg`,
      `${store}.tmp-4711-1789990000000`,
      `${store}.md`,
      join(folder, ".config/opencode-multi-auth/credentials.json"),
      join(folder, ".codex-multi/zoe/auth.json"),
      join(folder, ".codex-multi/home/auth.json"),
      own,
      `${own}.lkg`,
      `${own}.v1`,
    ];
    for (const file of files) {
      await mkdir(join(file, ".."), { recursive: true });
      await writeFile(file, "secret");
    }
    const found = await findLeftovers({ home: folder, stores: [store, join(folder, "none.json")], own });
    expect(found.map(({ path, kind }) => [path.slice(folder.length + 1), kind])).toEqual([
      ["opencode-multi-auth/accounts.json", "store"],
      ["opencode-multi-auth/accounts.json.bak", "backup"],
      ["opencode-multi-auth/accounts.json.lkg", "last-known-good"],
      ["opencode-multi-auth/accounts.json.tmp-4711-1789990000000", "temporary"],
      ["own/store.json.v1", "earlier-copy"],
      [".config/opencode-multi-auth/credentials.json", "credentials"],
      [".codex-multi/home/auth.json", "probe-home"],
      [".codex-multi/zoe/auth.json", "probe-home"],
    ]);
    for (const file of files) expect(await readFile(file, "utf8")).toBe("secret");
  });
});
