import { createHook } from "node:async_hooks";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emptyStore, epochMs, failure } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { isEarlierStore, readEarlierStore } from "../src/node/index.ts";
import { EARLIER, earlierText, envelopeOf } from "./earlier-stores.ts";
import { namesIn, temporaryFolder } from "./support.ts";
import { intercept } from "./torture/steps.ts";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const read = (path: string, passphrase?: string) =>
  readEarlierStore({ path, at: epochMs(1_795_000_000_000), passphrase: async () => passphrase });

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

  const passed: [string, string, (path: string) => Promise<unknown>][] = [
    ["missing", "does not exist", async () => undefined],
    ["not-a-file", "is not a file", (path) => mkdir(path)],
    ["not-json", "is not JSON", (path) => writeFile(path, Buffer.from('{"a":"\xff"}', "latin1"))],
    ["unknown-shape", "is not a store of an earlier plugin", (path) => writeFile(path, "[]")],
    ["too-large", "is too large for a store", (path) => ofSize(path, 32 * 2 ** 20 + 1)],
    ["not-json", "is not JSON", (path) => ofSize(path, 32 * 2 ** 20)],
    ["missing", "does not exist", (path) => Promise.all([writeFile(path, "{}"), refused("ENOENT")])],
    ["missing", "does not exist", (path) => Promise.all([writeFile(path, "{}"), refused("ENOTDIR")])],
    [
      "denied",
      "may not be read by this user",
      (path) => Promise.all([writeFile(path, "{}"), refused("EACCES")]),
    ],
    [
      "denied",
      "may not be read by this user",
      (path) => Promise.all([writeFile(path, "{}"), refused("EPERM")]),
    ],
    ["unreadable", "cannot be read", (path) => Promise.all([writeFile(path, "{}"), refused("EIO")])],
  ];

  it.each(passed)("a file is passed over as %s: it %s", async (why, words, make) => {
    const path = join(folder, "accounts.json");
    await make(path);
    const tried = ["", ".lkg", ".bak"].map((suffix, at) => ({
      file: path + suffix,
      why: at === 0 ? why : "missing",
    }));
    expect((await read(path))._unsafeUnwrapErr()).toEqual(
      failure("EARLIER_STORE_UNKNOWN", `${path} ${words}`, { path, tried }),
    );
    expect(await isEarlierStore(path)).toBe(false);
  });

  it("says of each copy that is there why it is of no use", async () => {
    const path = join(folder, "accounts.json");
    await mkdir(`${path}.lkg`);
    await writeFile(`${path}.bak`, "{");
    expect((await read(path))._unsafeUnwrapErr().message).toBe(
      `${path}.lkg is not a file; ${path}.bak is not JSON`,
    );
  });

  it("does not ask for a passphrase that nobody needs, and takes none that is empty", async () => {
    const path = join(folder, "accounts.json");
    await writeFile(path, earlierText("v1-first"));
    let asked = 0;
    const passphrase = async () => ((asked += 1), "");
    (await readEarlierStore({ path, at: epochMs(0), passphrase }))._unsafeUnwrap();
    expect(asked).toBe(0);
    await writeFile(path, envelopeOf(earlierText("v1-first"), ""));
    const error = (await readEarlierStore({ path, at: epochMs(0), passphrase }))._unsafeUnwrapErr();
    expect([asked, error.code]).toEqual([1, "EARLIER_STORE_ENCRYPTED"]);
  });

  it("tells a wrong passphrase from a store that needs none", async () => {
    const path = join(folder, "accounts.json");
    await writeFile(path, envelopeOf(earlierText("v1-late"), "right"));
    expect((await read(path, "wrong"))._unsafeUnwrapErr()).toEqual(
      failure("EARLIER_PASSPHRASE_WRONG", `the passphrase does not open ${path}, or the file was damaged`, {
        path,
      }),
    );
  });

  it.each([
    ["v1", "", earlierText("v1-first"), true],
    ["encrypted", "", '{"encrypted":true}', true],
    ["a copy", ".lkg", earlierText("account-list"), true],
    ["a backup", ".bak", earlierText("baseline-v2"), true],
    ["no file that counts", ".old", earlierText("baseline-v2"), false],
    ["a store of ours", "", JSON.stringify(emptyStore()), false],
  ])("isEarlierStore: %s", async (_, suffix, text, is) => {
    const path = join(folder, "accounts.json");
    await writeFile(path + suffix, text);
    expect(await isEarlierStore(path)).toBe(is);
  });
});

/** A file of that size, of nothing. */
async function ofSize(path: string, bytes: number): Promise<void> {
  await writeFile(path, "");
  await truncate(path, bytes);
}

/** The system answers so to whoever reads. */
async function refused(code: string): Promise<void> {
  onTestFinished(
    await intercept(folder, async ({ name }, run) => {
      if (name === "readFile") throw Object.assign(new Error(code), { code });
      return run();
    }),
  );
}
