import { chmod, readFile, stat, symlink, rename, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  disableAccount,
  epochMs,
  failure,
  type Account,
  removeAccount,
  type EpochMs,
  type StoreV2,
} from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { PoolStore, StoreError } from "../src/index.ts";
import { createSnapshots, openStore } from "../src/node/index.ts";
import { namesIn, plusOne, random, temporaryFolder, testAccount, until, withAccount } from "./support.ts";

const MINUTE = 60_000;
let folder: string;
let file: string;
let now: EpochMs;
const clock = { now: () => now };

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
  now = epochMs(Date.UTC(2026, 10, 21, 12));
});

const pass = (ms: number): void => void (now = epochMs(now + ms));
const tag = (text: string) => (store: StoreV2) => ok(withAccount(store, { ...annOf(store), tags: [text] }));
const annOf = ({ accounts }: StoreV2): Account =>
  Object.entries(accounts).find(([alias]) => alias === "ann")![1];
const list = async () => (await createSnapshots(file, { clock, random }).list())._unsafeUnwrap();
const tagsKept = async (): Promise<unknown[]> =>
  (await list()).map(({ store }) => annOf(store._unsafeUnwrap()).tags[0]);

const withBoth = (state: StoreV2) => withAccount(withAccount(state, testAccount("ann")), testAccount("bob"));

/** A store with ann and bob; what led there is a quarter of an hour ago. */
async function openUsed(): Promise<{ store: PoolStore; problems: StoreError[] }> {
  const problems: StoreError[] = [];
  const onProblem = (problem: StoreError) => void problems.push(problem);
  const store = (await openStore({ folder, clock, random, onProblem }))._unsafeUnwrap();
  onTestFinished(async () => void (await store.close()));
  (await store.update((state) => ok(withBoth(state))))._unsafeUnwrap();
  pass(15 * MINUTE);
  return { store, problems };
}
const lowAt = (lowThreshold: number) => (state: StoreV2) => ok({ ...state, settings: { lowThreshold } });

describe("snapshots", () => {
  it("keep the state before a change of what people decided, once in five minutes", async () => {
    const { store } = await openUsed();
    expect(await list()).toEqual([]);
    await store.update(tag("one"));
    await store.update(tag("two"));
    expect(await tagsKept()).toEqual([undefined]);
    pass(5 * MINUTE);
    await store.update(tag("three"));
    expect(await tagsKept()).toEqual(["two", undefined]);
    expect((await list()).map(({ takenAt }) => takenAt)).toEqual([now, now - 5 * MINUTE]);
  });

  it("are not taken for tokens, cooldowns, counts and further accounts, and cost such a write nothing", async () => {
    const { store } = await openUsed();
    const ann = { refreshToken: "rotated", rateLimitedUntil: epochMs(now + MINUTE), usageCount: 5 };
    await store.update((state) => ok(withAccount(state, { ...annOf(state), ...ann })));
    await store.update((state) => ok(withAccount(state, testAccount("cid"))));
    store.apply(plusOne, "now");
    await store.flush();
    expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);
  });

  it("always hold an account that goes, with the login it had last", async () => {
    const { store } = await openUsed();
    await store.update(tag("one"));
    const rotated = { ...testAccount("bob"), refreshToken: "newest" };
    await store.update((state) => ok(withAccount(state, rotated)));
    await store.update((state) => removeAccount(state, "bob"));
    const kept = (await list()).map(
      ({ store: held }) => Object.values(held._unsafeUnwrap().accounts)[1]?.refreshToken,
    );
    expect(kept).toEqual(["newest", "refresh-bob"]);
  });

  it("are ten at most: the oldest go", async () => {
    const { store } = await openUsed();
    for (let n = 1; n <= 12; n += 1) {
      await store.update(tag(`t${n}`));
      pass(5 * MINUTE);
    }
    expect(await tagsKept()).toEqual(["t11", "t10", "t9", "t8", "t7", "t6", "t5", "t4", "t3", "t2"]);
  });

  it("stay in order when the clock is set back, and do not pause until it has caught up", async () => {
    const { store } = await openUsed();
    await store.update(tag("one"));
    pass(-60 * MINUTE);
    await store.update(tag("two"));
    expect(await tagsKept()).toEqual(["one", undefined]);
  });

  it("are taken whatever the time where a transaction insists on it, but not of an empty store", async () => {
    const { store } = await openUsed();
    await store.update(tag("one"));
    await store.update(tag("two"), { keepReplaced: true });
    await store.update((state) => ok(plusOne(state)), { keepReplaced: true });
    expect(await tagsKept()).toEqual(["two", "one", undefined]);
  });

  it("are taken where one of many changes written at once insists on it, whichever that is", async () => {
    const { store } = await openUsed();
    store.apply(plusOne, "soon");
    (await store.update((state) => ok(plusOne(state)), { keepReplaced: true }))._unsafeUnwrap();
    expect(await tagsKept()).toEqual([undefined]);
  });

  it("hold settings without accounts too, and nothing of a store that was never used", async () => {
    const store = (await openStore({ folder, clock, random }))._unsafeUnwrap();
    onTestFinished(async () => void (await store.close()));
    const insisting = { keepReplaced: true };
    (await store.update(lowAt(20), insisting))._unsafeUnwrap();
    expect(await list()).toEqual([]);
    (await store.update(lowAt(30)))._unsafeUnwrap();
    const kept = (await list()).map(({ store: held }) => held._unsafeUnwrap().settings);
    expect(kept).toEqual([{ lowThreshold: 20 }]);
  });

  it("STO-10: are 0600 in a 0700 folder, and narrowed where they were wider", async () => {
    const { store } = await openUsed();
    await store.update(tag("one"));
    const kept = join(folder, "snapshots");
    const [name = ""] = await namesIn(kept);
    const modes = async () => [(await stat(kept)).mode & 0o777, (await stat(join(kept, name))).mode & 0o777];
    expect(await modes()).toEqual([0o700, 0o600]);
    await chmod(kept, 0o755);
    await chmod(join(kept, name), 0o644);
    await list();
    expect(await modes()).toEqual([0o700, 0o600]);
    // They do not make the store's folder one that is somebody else's too, whose mode would be left alone.
    await chmod(folder, 0o755);
    expect((await openStore({ folder, clock, random })).map((again) => again.close()).isOk()).toBe(true);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it("STO-10: a linked folder or file is refused; what does not insist is written nevertheless, and it is told", async () => {
    const { store, problems } = await openUsed();
    const elsewhere = await temporaryFolder();
    await symlink(elsewhere, join(folder, "snapshots"));
    const insisting = await store.update(tag("one"), { keepReplaced: true });
    expect(insisting._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_PATH_UNSAFE",
      details: { problem: "symlink", path: join(folder, "snapshots") },
    });
    expect(annOf(store.state()).tags).toEqual([]);
    problems.length = 0;
    expect((await store.update(tag("two"))).isOk()).toBe(true);
    await until(() => problems.length > 0);
    expect(problems).toMatchObject([{ code: "STORE_PATH_UNSAFE" }]);
    expect(await namesIn(elsewhere)).toEqual([]);

    await rename(join(folder, "snapshots"), join(folder, "link"));
    await store.update(tag("three"));
    const [taken = ""] = await namesIn(join(folder, "snapshots"));
    const path = join(folder, "snapshots", taken);
    await rename(path, join(elsewhere, "moved"));
    await symlink(join(elsewhere, "moved"), path);
    expect((await createSnapshots(file, { clock, random }).list())._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_PATH_UNSAFE",
      details: { problem: "symlink", path },
    });
  });

  it("that are damaged say so and leave the others usable; strange files are passed over", async () => {
    const { store } = await openUsed();
    await store.update(tag("one"));
    await mkdir(join(folder, "snapshots"), { recursive: true });
    for (const name of ["store.json.2026-11-21T11-00-00.000Z", "store.json.notes", "other"]) {
      await writeFile(join(folder, "snapshots", name), "{");
    }
    const damaged = join(folder, "snapshots", "store.json.2026-11-21T11-00-00.000Z");
    const whyUnusable: [unknown, string][] = [
      ["{", "it must be JSON in UTF-8"],
      ["", "it must be a store of version 2"],
      [{ hello: "world" }, "it must be a store of version 2"],
      [{ ...store.state(), rotation: 7 }, "rotation must be an object"],
      [
        withAccount(store.state(), testAccount("cid", { usageCount: -1 })),
        "accounts.cid.usageCount must be >=0",
      ],
    ];
    for (const [content, constraint] of whyUnusable) {
      await writeFile(damaged, typeof content === "string" ? content : JSON.stringify(content));
      const found = await list();
      expect(found.map(({ store: held }) => held.isOk())).toEqual([true, false]);
      expect(found[1]?.store._unsafeUnwrapErr()).toEqual(
        failure("SNAPSHOT_INVALID", `the snapshot ${damaged} cannot be used: ${constraint}`, {
          id: "2026-11-21T11-00-00.000Z",
          path: damaged,
          constraint,
        }),
      );
    }
  });

  it("have the form of the store, so that one can take its place by hand", async () => {
    const { store } = await openUsed();
    const before = await readFile(file, "utf8");
    await store.update((state) => disableAccount(state, "ann", { actor: { via: "cli" }, now }));
    const [name = ""] = await namesIn(join(folder, "snapshots"));
    expect(await readFile(join(folder, "snapshots", name), "utf8")).toBe(before);
  });

  it("are gone once they were cleared", async () => {
    const { store } = await openUsed();
    await store.update(tag("one"));
    expect((await createSnapshots(file, { clock, random }).clear())._unsafeUnwrap()).toBe(1);
    expect(await namesIn(join(folder, "snapshots"))).toEqual([]);
  });
});
