import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { epochMs, type StoreV2 } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import type { PoolStore } from "../src/index.ts";
import {
  openTestStore,
  plusOne,
  startWorker,
  temporaryFolder,
  testAccount,
  until,
  withAccount,
} from "./support.ts";

async function storeWithAccount(): Promise<{ store: PoolStore; file: string; snapshot: string }> {
  const folder = await temporaryFolder();
  const { store } = await openTestStore(folder);
  await store.update((state) => ok(withAccount(state, testAccount("work"))));
  const file = join(folder, "store.json");
  return { store, file, snapshot: `${file}.lkg` };
}

const read = async (path: string): Promise<StoreV2> => JSON.parse(await readFile(path, "utf8"));

const withToken = (refreshToken: string) => (state: StoreV2) =>
  withAccount(state, testAccount("work", { refreshToken }));

describe("the last-known-good snapshot", () => {
  it("holds a rotated token, like the file, when update resolves", async () => {
    const { store, file, snapshot } = await storeWithAccount();
    await store.update((state) => ok(withToken("rotated")(state)));
    expect(await read(file)).toMatchObject({ accounts: { work: { refreshToken: "rotated" } } });
    expect(await read(snapshot)).toMatchObject({ accounts: { work: { refreshToken: "rotated" } } });
    expect((await stat(snapshot)).ino).not.toBe((await stat(file)).ino);
  });

  it("holds a rotated token, like the file, when flush resolves", async () => {
    const { store, file, snapshot } = await storeWithAccount();
    store.apply(withToken("rotated"), "now");
    expect((await store.flush()).isOk()).toBe(true);
    expect(await read(file)).toMatchObject({ accounts: { work: { refreshToken: "rotated" } } });
    expect(await read(snapshot)).toMatchObject({ accounts: { work: { refreshToken: "rotated" } } });
  });

  it.each<[string, (state: StoreV2) => StoreV2]>([
    ["enabled", (state) => withAccount(state, testAccount("work", { enabled: false }))],
    ["a cooldown", (state) => withAccount(state, testAccount("work", { rateLimitedUntil: epochMs(9) }))],
    ["force", (state) => ({ ...state, forcedUntil: epochMs(9) })],
    ["settings", (state) => ({ ...state, settings: { lowThreshold: 40 } })],
    ["membership", (state) => ({ ...state, accounts: {} })],
    ["a field of a newer version", (state) => ({ ...state, later: 1 })],
  ])("follows %s", async (_, change) => {
    const { store, file, snapshot } = await storeWithAccount();
    await store.update((state) => ok(change(state)));
    expect(await read(snapshot)).toEqual(await read(file));
  });

  it("is left alone by statistics", async () => {
    const { store, file, snapshot } = await storeWithAccount();
    const before = await stat(snapshot, { bigint: true });
    await store.update((state) => ok(plusOne(state)));
    const used = testAccount("work", { usageCount: 7, lastUsed: epochMs(5) });
    await store.update((state) => ok(withAccount(state, used)));
    expect(await read(file)).toMatchObject({
      rotation: { cursor: 1 },
      accounts: { work: { usageCount: 7 } },
    });
    expect((await stat(snapshot, { bigint: true })).mtimeNs).toBe(before.mtimeNs);
  });

  it("is written again, even by statistics, after another process changed more than those", async () => {
    const { store, file, snapshot } = await storeWithAccount();
    const other = startWorker();
    await other.call("open", { folder: dirname(file) });
    await other.call("tag", { tag: "theirs" });
    await until(() => store.state()["tag"] === "theirs");
    // As if the other had been killed between its two renames.
    const { tag: _tag, ...older } = await read(snapshot);
    await writeFile(snapshot, JSON.stringify(older));
    await store.update((state) => ok(plusOne(state)));
    expect(await read(snapshot)).toMatchObject({ tag: "theirs" });
  });
});
