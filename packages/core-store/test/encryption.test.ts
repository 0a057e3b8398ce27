import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { failure, removeAccount, type StoreV2 } from "@open-multi-auth/domain";
import { nat, sample, uniqueArray } from "fast-check";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";
import type { KeySource } from "../src/index.ts";
import {
  alignStoreCopies,
  createFileLock,
  createKeychain,
  createKeySource,
  createSnapshots,
  decryptStore,
  encryptionOf,
  encryptStore,
  openStore,
  passphraseKey,
  setAside,
} from "../src/node/index.ts";
import { accountOf, expectSealed, makeStore, readable } from "./encryption.ts";
import {
  clock,
  filesIn,
  openTestStore,
  plusOne,
  random,
  startWorker,
  temporaryFolder,
  testAccount,
  until,
  withAccount,
} from "./support.ts";
import { openBytes } from "../src/node/sealed-bytes.ts";
import { KEY, KEYS } from "./torture/sealing.ts";

const PASSPHRASE = "correct horse, battery";
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
});

const keysOf = (passphrase: string | undefined): KeySource =>
  createKeySource({
    passphrase: async () => passphrase,
    keychain: createKeychain("linux", async () => ({ kind: "missing" })),
    clock,
  });
const encrypt = async (key = KEY, keys = KEYS) =>
  (await encryptStore({ file, key, keys, clock, random }))._unsafeUnwrap();
const decrypt = async (keys = KEYS) => (await decryptStore({ file, keys, clock, random }))._unsafeUnwrap();
const aliases = ({ accounts }: StoreV2): string[] => Object.keys(accounts);
const snapshots = async () =>
  (await createSnapshots(file, { clock, random, keys: KEYS }).list())._unsafeUnwrap();

/** What was sealed. */
async function bytesIn(sealed: Buffer): Promise<Uint8Array> {
  const opened = await openBytes("", sealed, KEYS);
  return "bytes" in opened ? opened.bytes : Buffer.alloc(0);
}

/** What happens to the store must leave every byte of the folder as it is. */
async function touchesNothing(run: () => Promise<unknown>): Promise<void> {
  const before = await filesIn(folder);
  await run();
  expect(await filesIn(folder)).toEqual(before);
}

describe("encrypting a store", () => {
  it("leaves no secret in any file of the folder, says which it rewrote, and decrypting brings back every byte", async () => {
    await makeStore(folder);
    const before = await filesIn(folder);
    expect(await readable(folder)).toHaveLength(7);
    const { rewritten, untouched } = await encrypt();
    expect(untouched).toEqual([]);
    expect(rewritten.toSorted()).toEqual(Object.keys(before).map((name) => join(folder, name)));
    await expectSealed(folder);

    expect((await decrypt()).rewritten).toHaveLength(rewritten.length);
    expect(await filesIn(folder)).toEqual(before);
  });

  it("opens, updates, keeps snapshots and restores, and never writes a secret in the open", async () => {
    await makeStore(folder);
    await encrypt();
    const { store } = await openTestStore(folder, { keys: KEYS });
    expect(store.report).toEqual({ kind: "opened", quarantined: [] });
    expect(store.state().accounts).toMatchObject({ work: { refreshToken: "refresh-work-canary" } });
    (await store.update((state) => ok(withAccount(state, accountOf("more")))))._unsafeUnwrap();
    store.apply(plusOne, "soon");
    (await store.flush())._unsafeUnwrap();
    (await store.update((state) => removeAccount(state, accountOf("work").alias)))._unsafeUnwrap();
    await store.close();
    await expectSealed(folder);

    const [newest] = await snapshots();
    expect(aliases(newest!.store._unsafeUnwrap())).toEqual(["work", "more"]);
    const unopened = (await createSnapshots(file, { clock, random }).list())._unsafeUnwrap();
    expect(unopened[0]?.store._unsafeUnwrapErr().details.constraint).toBe(
      "it must be encrypted with the key of the store",
    );
    const { store: again } = await openTestStore(folder, { keys: KEYS });
    expect(aliases(again.state())).toEqual(["more"]);
    expect(again.state().rotation.cursor).toBe(1);
  });

  it("keeps what it recovers from and what it sets aside encrypted too", async () => {
    await makeStore(folder);
    await encrypt();
    // Somebody put a store in the open there, and cut it short.
    await writeFile(file, JSON.stringify({ accounts: { work: accountOf("work") } }).slice(0, -3));
    const { store } = await openTestStore(folder, { keys: KEYS });
    expect(store.report).toMatchObject({ kind: "restored", problem: { code: "STORE_CORRUPTED" } });
    expect(aliases(store.state())).toEqual(["work"]);
    const broken = { alias: "bad", entry: accountOf("bad"), issues: [] };
    (await setAside(file, [broken], { clock, random, keys: KEYS }))._unsafeUnwrap();
    await store.close();
    await expectSealed(folder);
  });

  it("an earlier store that is put in its place is migrated, and encrypted with all that comes of it", async () => {
    await makeStore(folder);
    await encrypt();
    const tokens = { accessToken: "access-canary", refreshToken: "refresh-canary" };
    const v1 = { accounts: { old: { alias: "old", ...tokens, usageCount: 3 } }, activeAlias: "old" };
    await writeFile(file, JSON.stringify(v1));
    await touchesNothing(async () => {
      const result = await openStore({ folder, clock, random });
      expect(result._unsafeUnwrapErr().code).toBe("STORE_SEALED");
    });
    const { store } = await openTestStore(folder, { keys: KEYS });
    expect(aliases(store.state())).toEqual(["old"]);
    await store.close();
    await expectSealed(folder);
  });

  it("a broken account in a copy that was put there is set aside encrypted", async () => {
    await makeStore(folder);
    await encrypt();
    await decrypt();
    const { store } = await openTestStore(folder, { keys: KEYS });
    const bad = { ...accountOf("bad"), expiresAt: "soon" };
    const state = { ...store.state(), accounts: { ...store.state().accounts, bad } };
    await store.close();
    await writeFile(file, JSON.stringify(state));
    await encrypt();
    const { store: again } = await openTestStore(folder, { keys: KEYS });
    expect(again.report.quarantined).toMatchObject([{ alias: "bad" }]);
    await again.close();
    await expectSealed(folder);
  });

  it("finds copies in the open beside an encrypted store, and encrypts them with its key", async () => {
    await makeStore(folder);
    await encrypt();
    await writeFile(`${file}.copy`, JSON.stringify(accountOf("work")));
    expect((await encryptionOf(file))._unsafeUnwrap()).toEqual({
      store: "keychain",
      others: [`${file}.copy`],
    });
    const aligned = await alignStoreCopies({ file, keys: KEYS, clock, random });
    expect(aligned._unsafeUnwrap()).toEqual({ rewritten: [`${file}.copy`], untouched: [] });
    await expectSealed(folder);
    // A second key does not replace the first.
    expect(await encrypt(await passphraseKey(PASSPHRASE))).toEqual({ rewritten: [], untouched: [] });
    expect((await encryptionOf(file))._unsafeUnwrap().store).toBe("keychain");
  });

  it("removes what killed processes left of a write, in every folder: it may hold tokens", async () => {
    await makeStore(folder);
    const held = (
      await createFileLock(join(folder, "own.lock"), { clock, random }).acquire({ deadlineMs: 0 })
    )._unsafeUnwrap();
    const { token, start } = JSON.parse(await readFile(join(folder, "own.lock"), "utf8"));
    await held.release();
    const dead = token.replace(`-${start}-`, "-1-");
    const left = ["store.json", "snapshots/store.json.2026-11-21T11-00-00.000Z", "quarantine/home.json"].map(
      (name) => `${name}.tmp-${dead}`,
    );
    for (const name of left) await writeFile(join(folder, name), "access-canary", { mode: 0o600 });
    await encrypt();
    expect(Object.keys(await filesIn(folder)).filter((name) => name.includes(".tmp-"))).toEqual([]);
    await expectSealed(folder);
  });

  it("tells how the store lies there, and which copies lie otherwise", async () => {
    const encryption = async () => (await encryptionOf(file))._unsafeUnwrap();
    expect(await encryption()).toEqual({ store: "off", others: [] });
    await makeStore(folder);
    expect(await encryption()).toEqual({ store: "off", others: [] });
    await encrypt();
    const sealed = await readFile(file, "utf8");
    await decrypt();
    await writeFile(`${file}.sealed`, sealed);
    expect(await encryption()).toEqual({ store: "off", others: [`${file}.sealed`] });
    // What can be read of it no more was sealed nevertheless.
    await writeFile(`${file}.sealed`, sealed.slice(0, 200));
    expect(await encryption()).toEqual({ store: "off", others: [`${file}.sealed`] });
    await writeFile(file, sealed.slice(0, 200));
    expect((await encryption()).store).toBe("passphrase");
  });

  it("is told of where there can be no store", async () => {
    await writeFile(join(folder, "notes"), "");
    const path = join(folder, "notes", "store.json");
    const error = (await encryptionOf(path))._unsafeUnwrapErr();
    expect(error).toEqual(failure("STORE_UNREADABLE", error.message, { path, errno: "ENOTDIR" }));
    expect(error.message).toMatch(`cannot read ${path}: ENOTDIR`);
  });

  it("leaves links alone and says so", async () => {
    await makeStore(folder);
    const link = `${file}.link`;
    await symlink(join(await temporaryFolder(), "elsewhere"), link);
    expect((await encrypt()).untouched).toMatchObject([{ file: link, why: expect.stringContaining("link") }]);
    expect((await encryptionOf(file))._unsafeUnwrap().others).toEqual([link]);
    expect(await readable(folder)).toEqual([]);
  });
});

describe("an encrypted store without its key", () => {
  const closed: [string, string, KeySource | undefined][] = [
    ["no key at all", "STORE_SEALED", undefined],
    ["no passphrase", "STORE_SEALED", keysOf(undefined)],
    ["a wrong passphrase", "STORE_KEY_WRONG", keysOf("wrong horse, battery")],
  ];
  const plights: [string, () => Promise<unknown>][] = [
    ["whole", async () => undefined],
    ["lost but for its last known good copy", () => rm(file)],
    ["empty", () => writeFile(file, "")],
    ["damaged", () => writeFile(file, '{"version":2')],
    ["lost but for its snapshots", () => Promise.all([rm(file), rm(`${file}.lkg`)])],
    ["in the open beside an encrypted copy", () => cp(join(folder, "plain.json"), file)],
  ];

  it.each(closed)(
    "%s is %s: nothing is restored, begun anew or overwritten, whatever state it is in",
    async (_, code, keys) => {
      const sealed = await temporaryFolder();
      await makeStore(folder);
      await cp(file, join(sealed, "plain.json"));
      await encrypt(await passphraseKey(PASSPHRASE), keysOf(PASSPHRASE));
      await cp(folder, sealed, { recursive: true });
      for (const [plight, bring] of plights) {
        await rm(folder, { recursive: true });
        await cp(sealed, folder, { recursive: true });
        await bring();
        await touchesNothing(async () => {
          const result = await openStore({ folder, clock, random, ...(keys && { keys }) });
          const error = result._unsafeUnwrapErr();
          expect([plight, error.code]).toEqual([plight, code]);
          expect(error.details).toMatchObject({ source: "passphrase", fix: expect.stringMatching(/./) });
          expect(JSON.stringify(error)).not.toContain("horse");
        });
      }
    },
  );

  it("is refused when it is damaged beyond recognition and nothing else is there", async () => {
    const { store } = await openTestStore(folder);
    await store.close();
    await encrypt();
    const sealed = (await filesIn(folder))["store.json"]!;
    await writeFile(file, sealed.subarray(0, 150));
    await rm(`${file}.lkg`);
    await touchesNothing(async () => {
      const result = await openStore({ folder, clock, random, keys: KEYS });
      expect(result._unsafeUnwrapErr()).toMatchObject({
        code: "STORE_UNSUPPORTED",
        details: { shape: "damaged-seal" },
      });
    });
  });

  it("with its key, damage is known for what it is: the last known good copy is restored, still encrypted", async () => {
    await makeStore(folder);
    await encrypt();
    const sealed = (await filesIn(folder))["store.json"]!;
    const at = sealed.length - 20;
    sealed[at] = sealed[at] === 65 ? 66 : 65;
    await writeFile(file, sealed);
    const { store } = await openTestStore(folder, { keys: KEYS });
    expect(store.report).toMatchObject({
      kind: "restored",
      problem: { code: "STORE_CORRUPTED", details: { restoredFrom: "snapshot" } },
    });
    const evidence = Object.entries(await filesIn(folder)).filter(([name]) => name.includes(".corrupt-"));
    expect(evidence.some(([, bytes]) => bytes.equals(sealed))).toBe(true);
    expect(aliases(store.state())).toEqual(["work"]);
    await store.close();
    await expectSealed(folder);
  });
});

it("any bit of an encrypted store flipped: it is refused with nothing changed, or proven damaged, kept and restored", async () => {
  await makeStore(folder);
  await encrypt();
  const begun = await temporaryFolder();
  await cp(folder, begun, { recursive: true });
  const sealed = (await filesIn(begun))["store.json"]!;
  const outcomes = new Set<string>();
  const flips = uniqueArray(nat(sealed.length * 8 - 1), { minLength: 150, maxLength: 150 });
  for (const bit of [...sample(flips, 1)].flat()) {
    await rm(folder, { recursive: true });
    await cp(begun, folder, { recursive: true });
    const flipped = Buffer.from(sealed);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    await writeFile(file, flipped);
    const before = await filesIn(folder);
    const result = await openStore({ folder, clock, random, keys: KEYS });
    const files = await filesIn(folder);
    const told = await result.match(
      async (store) => {
        await store.close();
        const { kind, evidence = "" } = store.report;
        const kept = files[relative(folder, evidence)] ?? Buffer.alloc(0);
        // What does not look sealed any more is sealed as it is.
        const inside = kept.equals(flipped) ? kept : await bytesIn(kept);
        const isKept = flipped.equals(inside);
        return `${kind}, ${isKept ? "kept" : "lost"}, ${aliases(store.state()).join()}`;
      },
      async () => (isDeepStrictEqual(files, before) ? "refused" : "refused, and changed"),
    );
    outcomes.add(told);
    expect(await readable(folder)).toEqual([]);
  }
  expect([...outcomes].toSorted()).toEqual(["refused", "restored, kept, work"]);
});

describe("a store that is encrypted and decrypted while others use it", () => {
  it("who has the key goes on, who has it not is refused, and nobody writes a secret in the open", async () => {
    await makeStore(folder);
    const [informed, ignorant] = [startWorker("bun"), startWorker()];
    await Promise.all([
      informed.call("open", { folder, passphrase: PASSPHRASE }),
      ignorant.call("open", { folder }),
    ]);
    const keys = keysOf(PASSPHRASE);
    await encrypt(await passphraseKey(PASSPHRASE), keys);
    expect(await informed.call("increment", { times: 5, atOnce: false })).toEqual([]);
    expect(await ignorant.call("increment", { times: 1, atOnce: false })).toEqual(["STORE_SEALED"]);
    expect(await ignorant.call("tag", { tag: "kept in memory" })).toBe(false);
    expect(await ignorant.call("state")).toMatchObject({ tag: "kept in memory", accounts: { work: {} } });
    expect(await ignorant.call("problems")).toContain("STORE_SEALED");
    await expectSealed(folder);

    await decrypt(keys);
    // What it kept is written as soon as it can be.
    const { store } = await openTestStore(folder);
    await until(() => store.state()["tag"] === "kept in memory");
    expect(await informed.call("increment", { times: 5, atOnce: false })).toEqual([]);
    expect(await ignorant.call("increment", { times: 1, atOnce: false })).toEqual([]);
    await until(() => store.state().rotation.cursor === 11);
  });

  it("who only reads sees it through", async () => {
    await makeStore(folder);
    const { store, problems } = await openTestStore(folder, { keys: KEYS });
    await encrypt();
    const { store: other } = await openTestStore(folder, { keys: KEYS });
    (await other.update((state) => ok(withAccount(state, testAccount("new")))))._unsafeUnwrap();
    await until(() => "new" in store.state().accounts);
    await decrypt();
    (await other.update((state) => ok(plusOne(state))))._unsafeUnwrap();
    await until(() => store.state().rotation.cursor === 1);
    expect(problems).toEqual([]);
  });
});

it("a folder that was moved opens elsewhere: only the passphrase counts", async () => {
  await makeStore(folder);
  await encrypt(await passphraseKey(PASSPHRASE), keysOf(PASSPHRASE));
  const moved = join(await temporaryFolder(), "moved");
  await rename(folder, moved);
  await mkdir(folder);
  const { store } = await openTestStore(moved, { keys: keysOf(PASSPHRASE) });
  expect(aliases(store.state())).toEqual(["work"]);
});
