import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readFile,
  rename,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { emptyStore, type StoreV2 } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";
import type { PathProblem } from "../src/index.ts";
import { createJsonLines, openStore } from "../src/node/index.ts";
import { contextOf } from "../src/node/context.ts";
import { openStoreIn } from "../src/node/open-store.ts";
import {
  clock,
  makeFifo,
  namesIn,
  openTestStore,
  plusOne,
  random,
  startWorker,
  temporaryFolder,
  testAccount,
  withAccount,
} from "./support.ts";

const modeOf = async (path: string): Promise<string> => ((await lstat(path)).mode & 0o777).toString(8);

let folder: string;
let file: string;

beforeEach(async () => {
  folder = join(await temporaryFolder(), "store");
  file = join(folder, "store.json");
});

async function usedBefore(): Promise<void> {
  const { store } = await openTestStore(folder);
  await store.update((state) => ok(withAccount(state, testAccount("work"))));
  await store.close();
}

async function expectRefused(path: string, problem: PathProblem): Promise<void> {
  const result = await openStore({ folder, clock, random });
  const error = result._unsafeUnwrapErr();
  expect(error).toMatchObject({ code: "STORE_PATH_UNSAFE", details: { path, problem } });
  expect(error.details).toHaveProperty("fix", expect.stringMatching(/./));
  expect(error.message).toContain(path);
}

describe("modes", () => {
  it.each([0o000, 0o022, 0o777])("STO-10: files are 0600 and folders 0700 under any umask", async (mask) => {
    const worker = startWorker();
    await worker.call("umask", { mask });
    const deep = join(folder, "deep");
    expect(await worker.call("open", { folder: deep })).toMatchObject({ kind: "created" });
    expect(await worker.call("tag", { tag: "x" })).toBe(true);
    await worker.call("lock", { paths: [join(deep, "store.json.lock")] });
    expect(await worker.call("lines", { folder: join(deep, "decisions"), from: "a", count: 1 })).toBe(true);
    const files = ["store.json", "store.json.lkg", "store.json.lock", "decisions/decisions.jsonl"];
    const modes = await Promise.all(files.map((name) => modeOf(join(deep, name))));
    expect(modes).toEqual(files.map(() => "600"));
    for (const path of [folder, deep, join(deep, "decisions")]) expect(await modeOf(path)).toBe("700");
  });

  it("STO-10: wider modes of files and folders that exist are narrowed", async () => {
    await usedBefore();
    await mkdir(join(folder, "decisions"));
    const lines = join(folder, "decisions", "decisions.jsonl");
    await writeFile(lines, "");
    const wide = [file, `${file}.lkg`, lines];
    for (const path of wide) await chmod(path, 0o666);
    await chmod(join(folder, "decisions"), 0o777);
    await chmod(folder, 0o755);

    await openTestStore(folder);
    const decisions = createJsonLines({
      folder: join(folder, "decisions"),
      name: "decisions",
      maxBytes: 1000,
      maxFiles: 2,
      clock,
    });
    decisions.append({ a: 1 });
    expect((await decisions.close()).isOk()).toBe(true);

    expect(await Promise.all(wide.map(modeOf))).toEqual(["600", "600", "600"]);
    expect(await modeOf(folder)).toBe("700");
    expect(await modeOf(join(folder, "decisions"))).toBe("700");
  });

  it("STO-10: evidence is narrowed too", async () => {
    await usedBefore();
    await writeFile(file, "garbage");
    await chmod(file, 0o644);
    const { store } = await openTestStore(folder);
    expect(await modeOf(store.report.evidence ?? "")).toBe("600");
  });
});

describe("links and other things in the way", () => {
  it.each(["store.json", "store.json.lkg", "store.json.lock"])(
    "STO-10: a symlinked %s is refused",
    async (name) => {
      await usedBefore();
      const path = join(folder, name);
      const elsewhere = join(folder, "..", "elsewhere");
      if (name === "store.json.lock") await writeFile(elsewhere, "");
      else await rename(path, elsewhere);
      // The lock is met where something has to be written.
      if (name === "store.json.lock") await writeFile(file, "garbage");
      await symlink(elsewhere, path);
      const before = await readFile(elsewhere, "utf8");
      await expectRefused(path, "symlink");
      expect(await readFile(elsewhere, "utf8")).toBe(before);
      expect((await lstat(path)).isSymbolicLink()).toBe(true);
    },
  );

  it("STO-10: a symlinked folder is refused", async () => {
    const elsewhere = join(folder, "..", "elsewhere");
    await mkdir(elsewhere, { mode: 0o700 });
    await symlink(elsewhere, folder);
    await expectRefused(folder, "symlink");
    folder = `${folder}/`;
    await expectRefused(folder.slice(0, -1), "symlink");
    expect(await namesIn(elsewhere)).toEqual([]);
  });

  it("STO-10: a symlinked quarantine is refused, and the account stays where it is", async () => {
    await usedBefore();
    const state: StoreV2 = JSON.parse(await readFile(file, "utf8"));
    const broken = JSON.stringify({ ...state, accounts: { ...state.accounts, home: {} } });
    await writeFile(file, broken);
    const elsewhere = join(folder, "..", "elsewhere");
    await mkdir(elsewhere, { mode: 0o700 });
    await symlink(elsewhere, join(folder, "quarantine"));
    await expectRefused(join(folder, "quarantine"), "symlink");
    expect(await namesIn(elsewhere)).toEqual([]);
    expect(await readFile(file, "utf8")).toBe(broken);
  });

  it("a folder or a FIFO in place of a file is refused", async () => {
    await mkdir(folder, { mode: 0o700 });
    await mkdir(file);
    await expectRefused(file, "not-a-file");
    makeFifo(`${file}.lkg`);
    await writeFile(join(folder, "other.json"), JSON.stringify(emptyStore()), { mode: 0o600 });
    makeFifo(join(folder, "other.json.lkg"));
    const result = await openStore({ folder, file: join(folder, "other.json"), clock, random });
    expect(result._unsafeUnwrapErr()).toMatchObject({ details: { problem: "not-a-file" } });
  });

  it("a folder that all users share is refused, and left as it is", async () => {
    await mkdir(folder);
    await chmod(folder, 0o1777);
    await expectRefused(folder, "shared-folder");
    expect((await stat(folder)).mode & 0o7777).toBe(0o1777);
  });

  it("refuses a link that comes while the store is open, and loses nothing", async () => {
    await usedBefore();
    const { store, problems } = await openTestStore(folder);
    const elsewhere = join(folder, "..", "elsewhere");
    await rename(file, elsewhere);
    await symlink(elsewhere, file);
    const before = await readFile(elsewhere, "utf8");
    const result = await store.update((state) => ok(plusOne(state)));
    expect(result._unsafeUnwrapErr()).toMatchObject({ code: "STORE_PATH_UNSAFE" });
    expect(await readFile(elsewhere, "utf8")).toBe(before);
    expect(Object.keys(store.state().accounts)).toEqual(["work"]);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["STORE_PATH_UNSAFE"]));
  });
});

describe("files of another user", () => {
  const asRoot = process.getuid?.() === 0;
  const STRANGER = 65_534;

  /** Opens while the named path belongs to a stranger. Without root, everything does but that we pretend. */
  async function openStrange(path: string) {
    if (!asRoot) {
      const context = { ...contextOf({ clock, random }), uid: STRANGER };
      return { result: await openStoreIn({ folder, clock, random }, context), path: folder };
    }
    await chown(path, STRANGER, STRANGER);
    return { result: await openStore({ folder, clock, random }), path };
  }

  it.each(["", "store.json", "store.json.lkg", "store.json.lock"])(
    "STO-10: a foreign-owned %s is refused",
    async (name) => {
      await usedBefore();
      if (name === "store.json.lock") {
        await writeFile(file, "garbage");
        await writeFile(join(folder, name), "", { mode: 0o600 });
      }
      const { result, path } = await openStrange(join(folder, name));
      expect(result._unsafeUnwrapErr()).toMatchObject({
        code: "STORE_PATH_UNSAFE",
        details: { path: path.replace(/\/$/, ""), problem: "foreign-owner" },
      });
    },
  );
});

describe("a file with a second name", () => {
  it("is replaced, not written into", async () => {
    await usedBefore();
    const copy = join(folder, "copy");
    await link(file, copy);
    const before = await readFile(copy, "utf8");
    const { store } = await openTestStore(folder);
    await store.update((state) => ok(plusOne(state)));
    expect(await readFile(copy, "utf8")).toBe(before);
  });
});
