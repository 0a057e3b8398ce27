import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { emptyStore, type StoreV2 } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import { createFileLock } from "../src/node/index.ts";
import {
  clock,
  namesIn,
  openTestStore,
  plusOne,
  random,
  startWorker,
  temporaryFolder,
  testAccount,
  until,
  withAccount,
} from "./support.ts";

describe("a disk that refuses", () => {
  it("STO-11: security 37: a full disk gives a typed error, keeps the old file, and loses nothing", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "store.json");
    const worker = startWorker("node", { maxFileBlocks: 32 });
    await worker.call("open", { folder });
    expect(await worker.call("tag", { tag: "fits" })).toBe(true);
    const before = await readFile(file, "utf8");

    expect(await worker.call("tag", { tag: "x".repeat(40_000) })).toBe(false);
    expect(await worker.call("increment", { times: 1, atOnce: false })).toEqual(["STORE_UNWRITABLE"]);
    expect(await worker.call("problems")).toEqual(["STORE_UNWRITABLE"]);
    expect((await worker.call("state"))["tag"]).toBe("x".repeat(40_000));
    expect(await readFile(file, "utf8")).toBe(before);
    expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);

    // With the newest state fitting again, all that is pending is written.
    expect(await worker.call("tag", { tag: "fits again" })).toBe(true);
    expect(JSON.parse(await readFile(file, "utf8"))["tag"]).toBe("fits again");
  });

  it("STO-11: security 37: a folder that becomes read-only gives a typed error; what it refused is written when it may be", async () => {
    const folder = join(await temporaryFolder(), "store");
    const file = join(folder, "store.json");
    await mkdir(folder, { mode: 0o700 });
    const worker = await startUnprivileged([folder]);
    await worker.call("open", { folder });
    expect(await worker.call("tag", { tag: "old" })).toBe(true);
    await chmod(folder, 0o500);

    expect(await worker.call("tag", { tag: "new" })).toBe(false);
    expect(await worker.call("increment", { times: 1, atOnce: false })).toEqual(["STORE_UNWRITABLE"]);
    expect((await worker.call("state"))["tag"]).toBe("new");
    expect(await worker.call("problems")).toEqual(["STORE_UNWRITABLE"]);
    expect(JSON.parse(await readFile(file, "utf8"))["tag"]).toBe("old");

    await chmod(folder, 0o700);
    await until(async () => JSON.parse(await readFile(file, "utf8"))["tag"] === "new");
    expect(await worker.call("problems")).toHaveLength(1);
  });

  it("STO-11: a read-only folder is opened for reading, and refuses writes with a typed error", async () => {
    const folder = join(await temporaryFolder(), "store");
    await mkdir(folder, { mode: 0o700 });
    await writeFile(join(folder, "store.json"), JSON.stringify(emptyStore()), { mode: 0o600 });
    await writeFile(join(folder, "store.json.lkg"), JSON.stringify(emptyStore()), { mode: 0o600 });
    await chmod(folder, 0o500);
    const worker = await startUnprivileged([
      folder,
      join(folder, "store.json"),
      join(folder, "store.json.lkg"),
    ]);
    expect(await worker.call("open", { folder })).toEqual({ kind: "opened", quarantined: [] });
    expect(await worker.call("increment", { times: 1, atOnce: false })).toEqual(["STORE_UNWRITABLE"]);
    expect(await worker.call("open", { folder: join(folder, "none") })).toMatchObject({
      code: "STORE_UNWRITABLE",
      details: { path: join(folder, "none"), errno: "EACCES" },
    });
  });
});

describe("a disk that refuses for long", () => {
  it("STO-11: what waits for it does not pile up, and all of it is written in the end", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder, { lockDeadlineMs: 0 });
    await store.update((state) => ok(withAccount(state, testAccount("work"))));
    const { store: other } = await openTestStore(folder);
    const lock = createFileLock(join(folder, "store.json.lock"), { clock, random });
    const held = (await lock.acquire({ deadlineMs: 1000 }))._unsafeUnwrap();
    let runs = 0;
    const counted = (state: StoreV2): StoreV2 => {
      runs += 1;
      return plusOne(state);
    };
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 1001; count += 1) store.apply(counted, "soon");
      expect((await store.flush()).isErr()).toBe(true);
    }
    store.apply((state) => withAccount(state, testAccount("work", { enabled: false })), "now");
    expect((await store.flush()).isErr()).toBe(true);

    const before = runs;
    expect((await store.flush()).isErr()).toBe(true);
    expect(runs - before).toBe(0);
    await held.release();
    await other.update((state) => ok({ ...withAccount(state, testAccount("home")), theirs: true }));
    await until(async () => (await store.flush()).isOk());
    const end = JSON.parse(await readFile(join(folder, "store.json"), "utf8"));
    expect(end).toMatchObject({
      rotation: { cursor: 3003 },
      theirs: true,
      accounts: { work: { enabled: false }, home: {} },
    });
  });
});

/** Permissions do not hold root: then the worker becomes somebody else, who owns `paths`. */
async function startUnprivileged(paths: readonly [string, ...string[]]) {
  const worker = startWorker();
  if (process.getuid?.() !== 0) return worker;
  const uid = 65_534;
  for (const path of paths) await chown(path, uid, uid);
  await chmod(dirname(paths[0]), 0o711);
  await worker.call("become", { uid });
  return worker;
}
