import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyStore } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import { createFileLock } from "../src/node/index.ts";
import { clock, openTestStore, plusOne, random, temporaryFolder, until } from "./support.ts";

const cursorIn = async (folder: string): Promise<number> =>
  JSON.parse(await readFile(join(folder, "store.json"), "utf8")).rotation.cursor;

describe("writing behind", () => {
  it("writes 'soon' within a second of the first change, also while changes keep coming", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    const traffic = setInterval(() => store.apply(plusOne, "soon"), 5);
    store.apply(plusOne, "soon");
    await until(async () => (await cursorIn(folder)) > 0, 1000).finally(() => clearInterval(traffic));
    expect(await cursorIn(folder)).toBeGreaterThan(0);
  });

  it("writes many changes as one", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    const inodes = new Set<number>();
    const watching = setInterval(async () => inodes.add((await stat(join(folder, "store.json"))).ino), 1);
    const updates = Array.from({ length: 1000 }, () => store.update((state) => ok(plusOne(state))));
    expect((await Promise.all(updates)).every((result) => result.isOk())).toBe(true);
    clearInterval(watching);
    expect(await cursorIn(folder)).toBe(1000);
    expect(inodes.size).toBeLessThan(5);
  });

  it("leaves no lock behind when flush resolves", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    for (let count = 0; count < 20; count += 1) {
      if (count % 2 === 0) store.apply(plusOne, "now");
      else await store.update((state) => ok(plusOne(state)));
      expect((await store.flush()).isOk()).toBe(true);
      expect(await readdir(folder)).toEqual(["store.json", "store.json.lkg"]);
    }
  });

  it("writes 'now' without being asked again", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    store.apply(plusOne, "now");
    await until(async () => (await cursorIn(folder)) === 1);
    expect(store.state().rotation.cursor).toBe(1);
  });

  it("keeps what it could not write, tells once, tries until it succeeds, tells of the next time", async () => {
    const folder = await temporaryFolder();
    const { store, problems } = await openTestStore(folder, { lockDeadlineMs: 20 });
    const lock = createFileLock(join(folder, "store.json.lock"), { clock, random });
    for (const occasion of [1, 2]) {
      const held = (await lock.acquire({ deadlineMs: 1000 }))._unsafeUnwrap();
      store.apply(plusOne, "now");
      expect((await store.flush())._unsafeUnwrapErr()).toMatchObject({ code: "STORE_LOCKED" });
      expect((await store.flush()).isErr()).toBe(true);
      expect(store.state().rotation.cursor).toBe(occasion);
      await held.release();
      await until(async () => (await cursorIn(folder)) === occasion);
      await until(async () => (await store.flush()).isOk());
      expect(problems.map(({ code }) => code)).toEqual(
        Array.from({ length: occasion }, () => "STORE_LOCKED"),
      );
    }
  });

  it("puts pending changes on top of what another process wrote", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    const { store: other } = await openTestStore(folder);
    await other.update((state) => ok(plusOne(state)));
    store.apply((state) => ({ ...state, mine: true }), "soon");
    await until(() => store.state().rotation.cursor === 1, 1000);
    expect(store.state()["mine"]).toBe(true);
    await store.flush();
    await until(() => other.state()["mine"] === true, 1000);
    expect(other.state().rotation.cursor).toBe(1);
  });

  it("CON-15: reads what is newest while a write of its own waits for the lock", async () => {
    const folder = await temporaryFolder();
    const { store, problems } = await openTestStore(folder);
    const lock = createFileLock(join(folder, "store.json.lock"), { clock, random });
    const held = (await lock.acquire({ deadlineMs: 1000 }))._unsafeUnwrap();
    store.apply((state) => ({ ...state, mine: true }), "now");
    await until(async () => (await readdir(folder)).some((name) => name.startsWith("store.json.lock.tmp-")));
    // The holder of the lock writes.
    const written = { ...emptyStore(), rotation: { cursor: 7, starts: 0, current: {} } };
    await writeFile(join(folder, "store.json"), JSON.stringify(written), { mode: 0o600 });
    const state = (await store.reload())._unsafeUnwrap();
    expect([state.rotation.cursor, state["mine"]]).toEqual([7, true]);
    // It would be told of by now if the write had given up before.
    expect(problems).toEqual([]);
    await held.release();
    expect((await store.flush()).isOk()).toBe(true);
    expect(await cursorIn(folder)).toBe(7);
  });

  it("reads what is newest when it is asked to", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    const { store: other } = await openTestStore(folder);
    await other.update((state) => ok(plusOne(state)));
    expect((await store.reload())._unsafeUnwrap().rotation.cursor).toBe(1);
  });

  it("notices a write of the same size, in the same instant, over the same name", async () => {
    const folder = await temporaryFolder();
    const { store } = await openTestStore(folder);
    const { store: other } = await openTestStore(folder);
    for (let count = 1; count <= 100; count += 1) {
      const writer = count % 2 === 0 ? store : other;
      expect((await writer.update((state) => ok(plusOne(state))))._unsafeUnwrap().rotation.cursor).toBe(
        count,
      );
    }
  });

  it("keeps no process alive", async () => {
    const folder = await temporaryFolder();
    const script = join(folder, "script.ts");
    const entry = fileURLToPath(new URL("../src/node/index.ts", import.meta.url));
    await writeFile(
      script,
      `import { openStore } from ${JSON.stringify(entry)};
       const clock = { now: () => Date.now() };
       const folder = ${JSON.stringify(join(folder, "store"))};
       const opened = await openStore({ folder, clock, random: { next: Math.random } });
       opened.value.apply((store) => ({ ...store, later: 1 }), "soon");`,
    );
    const child = spawn(process.execPath, ["--conditions=@open-multi-auth/source", script], {
      stdio: "inherit",
    });
    const [code] = await once(child, "exit", { signal: AbortSignal.timeout(10_000) });
    expect(code).toBe(0);
  });
});
