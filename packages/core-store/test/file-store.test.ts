import { unlinkSync } from "node:fs";
import { link, mkdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { StoreError, StorePathUnsafe } from "../src/index.ts";
import { createFileLock, openStore } from "../src/node/index.ts";
import {
  clock,
  namesIn,
  openFilesIn,
  openTestStore,
  plusOne,
  random,
  temporaryFolder,
  testAccount,
  withAccount,
} from "./support.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
});

const cursorIn = async (): Promise<number> => JSON.parse(await readFile(file, "utf8")).rotation.cursor;
const turn = () => new Promise(setImmediate);

/** Waits without a timer, where those stand still. */
async function untilWritten(cursor: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline && (await cursorIn()) !== cursor) await turn();
  expect(await cursorIn()).toBe(cursor);
}

describe("a change", () => {
  it("is written at once where that is urgent, else half a second later", async () => {
    const { store } = await openTestStore(folder);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    store.apply(plusOne, "now");
    await untilWritten(1);
    expect((await store.flush()).isOk()).toBe(true);
    store.apply(plusOne, "soon");
    vi.advanceTimersByTime(499);
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect([await cursorIn(), store.state().rotation.cursor]).toEqual([1, 2]);
    vi.advanceTimersByTime(1);
    await untilWritten(2);
  });

  it("of nothing is not written", async () => {
    const { store } = await openTestStore(folder);
    const before = await stat(file, { bigint: true });
    expect((await store.update((state) => ok(state)))._unsafeUnwrap()).toBe(store.state());
    store.apply((state) => state, "now");
    expect((await store.flush()).isOk()).toBe(true);
    expect(await stat(file, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
    expect(await namesIn(folder)).toEqual(["store.json", "store.json.lkg"]);
  });

  it("that throws changes nothing, not even for a moment", async () => {
    const { store, problems } = await openTestStore(folder);
    const before = store.state();
    const seen: unknown[] = [];
    store.subscribe((state) => void seen.push(state));
    store.apply(() => {
      throw new Error("a bug of the caller");
    }, "now");
    expect(store.state()).toBe(before);
    expect((await store.flush()).isOk()).toBe(true);
    expect(store.state()).toBe(before);
    expect(seen).toEqual([]);
    const issue = { path: "", constraint: "must not throw: a bug of the caller" };
    expect(problems).toEqual([
      failure("CHANGE_INVALID", `a change was refused: it ${issue.constraint}`, issue),
    ]);
  });
});

const linked = (): StorePathUnsafe =>
  failure("STORE_PATH_UNSAFE", `${file} is a symbolic link`, {
    path: file,
    problem: "symlink",
    fix: `replace the link ${file} by the real thing`,
  });

/** A link to it stands in the place of the store's file, which is never missing meanwhile. */
async function putLink(): Promise<void> {
  const away = join(folder, "away");
  await link(file, away);
  await symlink(away, `${away}.link`);
  await rename(`${away}.link`, file);
}

const takeLink = (): Promise<void> => rename(join(folder, "away"), file);

describe("an open store whose file cannot be read", () => {
  it("says so to who asks, tells it once each time that it begins, and serves what it knows", async () => {
    const { store, problems } = await openTestStore(folder, { pollMs: 3_600_000 });
    (await store.update((state) => ok(withAccount(state, testAccount("work")))))._unsafeUnwrap();
    for (const occasion of [1, 2]) {
      await putLink();
      expect((await store.reload())._unsafeUnwrapErr()).toEqual(linked());
      expect((await store.reload())._unsafeUnwrapErr()).toEqual(linked());
      expect(problems).toEqual(Array.from({ length: occasion }, linked));
      expect(Object.keys(store.state().accounts)).toEqual(["work"]);
      await takeLink();
      expect(Object.keys((await store.reload())._unsafeUnwrap().accounts)).toEqual(["work"]);
    }
  });

  it("cannot be opened, and only who opens it is told", async () => {
    await mkdir(file);
    const problems: StoreError[] = [];
    const onProblem = (problem: StoreError) => void problems.push(problem);
    const opened = await openStore({ folder, clock, random, onProblem });
    expect(opened._unsafeUnwrapErr()).toEqual(
      failure("STORE_PATH_UNSAFE", `${file} is not a regular file`, {
        path: file,
        problem: "not-a-file",
        fix: `move ${file} away`,
      }),
    );
    await turn();
    expect(problems).toEqual([]);
    expect(await namesIn(folder)).toEqual(["store.json"]);
    await expect.poll(() => openFilesIn(folder)).toEqual([]);
  });
});

const newer = JSON.stringify({ version: 3, pools: [] });
const refused = (path: string) =>
  failure(
    "STORE_UNSUPPORTED",
    `${path} is a store of version 3, newer than this program; it was left untouched`,
    {
      file: path,
      shape: "newer",
      version: 3,
      fix: "use the version of this program that wrote it, or point OPENCODE_MULTI_AUTH_STORE_FILE elsewhere",
    },
  );

describe("a store of a newer program", () => {
  it("is refused at the first look, while another process has its lock", async () => {
    await writeFile(file, newer);
    const lock = createFileLock(`${file}.lock`, { clock, random });
    const held = (await lock.acquire({ deadlineMs: 0 }))._unsafeUnwrap();
    const opened = await openStore({ folder, clock, random, lockDeadlineMs: 0 });
    expect(opened._unsafeUnwrapErr()).toEqual(refused(file));
    await held.release();
  });

  it("is not replaced where it is the copy beside a store of ours", async () => {
    await (await openTestStore(folder)).store.close();
    await writeFile(`${file}.lkg`, newer);
    expect((await openStore({ folder, clock, random }))._unsafeUnwrapErr()).toEqual(refused(`${file}.lkg`));
    expect(await readFile(`${file}.lkg`, "utf8")).toBe(newer);
  });
});

describe("a store that is closed while it reads", () => {
  it("writes what is pending, lets go of its files, and ends each reading in peace", async () => {
    const { store, problems } = await openTestStore(folder);
    store.apply(plusOne, "soon");
    const readings = Array.from({ length: 3 }, () => store.reload());
    expect((await store.close()).isOk()).toBe(true);
    for (const reading of await Promise.all(readings)) expect(reading.isOk()).toBe(true);
    expect(await cursorIn()).toBe(1);
    await expect.poll(() => openFilesIn(folder)).toEqual([]);
    expect((await store.close()).isOk()).toBe(true);
    expect(problems).toEqual([]);
  });

  it("looks at nothing that it has not begun to", async () => {
    const { store, problems } = await openTestStore(folder);
    await putLink();
    const reading = store.reload();
    await store.close();
    expect((await reading).isOk()).toBe(true);
    expect(problems.filter(({ code }) => code !== "STORE_PATH_UNSAFE")).toEqual([]);
  });

  it("recovers nothing that it finds missing", async () => {
    const { store } = await openTestStore(folder);
    unlinkSync(file);
    const reading = store.reload();
    // By now it has begun.
    for (let microtask = 0; microtask < 5; microtask += 1) await Promise.resolve();
    await store.close();
    expect((await reading).isOk()).toBe(true);
    expect(await namesIn(folder)).toEqual(["store.json.lkg"]);
  });
});
