import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../src/node/index.ts";
import { clock, namesIn, plusOne, random, temporaryFolder } from "./support.ts";

let folder: string;

beforeEach(async () => {
  folder = join(await temporaryFolder(), "theirs");
  await mkdir(folder, { mode: 0o700 });
});

const open = (file: string) => openStore({ folder, file, clock, random });
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("a file that was named by mistake", () => {
  it.each([
    ["notes.txt", "root:x:0:0:root:/root:/bin/sh\n"],
    ["package.json", '{ "name": "theirs", "version": "1.0.0" }'],
    ["list.json", "[1, 2]"],
    ["store.json", "not ours: see its neighbour"],
  ])("is refused with a way out and left as it is: %s", async (name, text) => {
    const file = join(folder, name);
    await writeFile(file, text);
    await writeFile(join(folder, "neighbour"), "");
    await chmod(file, 0o644);
    const error = (await open(file))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: "STORE_UNSUPPORTED", details: { file, shape: "unknown" } });
    expect(error.details).toHaveProperty("fix", expect.stringContaining("STORE_FILE"));
    expect(await readFile(file, "utf8")).toBe(text);
    expect(await modeOf(file)).toBe(0o644);
    expect(await namesIn(folder)).toEqual([name, "neighbour"].toSorted());
  });

  it("is restored after all when a snapshot of a store lies beside it", async () => {
    const file = join(folder, "pool.json");
    const store = (await open(file))._unsafeUnwrap();
    await store.update((state) => ok(plusOne(state)));
    await store.close();
    await writeFile(join(folder, "neighbour"), "");
    await writeFile(file, "{ half a st");
    const again = (await open(file))._unsafeUnwrap();
    expect(again.report).toMatchObject({ kind: "restored" });
    await again.close();
  });
});

it("a store folder beneath a file cannot be made: STORE_UNWRITABLE, and the file stays", async () => {
  const between = join(folder, "notes.txt");
  await writeFile(between, "theirs");
  const opened = await openStore({ folder: join(between, "pool", "deeper"), clock, random });
  expect(opened._unsafeUnwrapErr()).toMatchObject({
    code: "STORE_UNWRITABLE",
    details: { errno: "ENOTDIR" },
  });
  expect(await readFile(between, "utf8")).toBe("theirs");
});

describe("a folder that is not for the store alone", () => {
  it.each(["pool.json", "store.json", "notes.txt"])(
    "is refused as it is when it is open to others: %s",
    async (name) => {
      await writeFile(join(folder, "notes.txt"), "mine");
      await chmod(folder, 0o755);
      const error = (await open(join(folder, name)))._unsafeUnwrapErr();
      expect(error).toMatchObject({
        code: "STORE_PATH_UNSAFE",
        details: { path: folder, problem: "not-for-us-alone", fix: expect.stringContaining("of its own") },
      });
      expect(await modeOf(folder)).toBe(0o755);
      expect(await namesIn(folder)).toEqual(["notes.txt"]);
    },
  );

  it("is used as it is when it is closed to others", async () => {
    await writeFile(join(folder, "notes.txt"), "mine");
    const store = (await open(join(folder, "pool.json")))._unsafeUnwrap();
    expect(store.report).toMatchObject({ kind: "created" });
    await store.close();
  });

  it("is narrowed once it holds nothing but what is ours, a named file included", async () => {
    const file = join(folder, "pool.json");
    await (await open(file))._unsafeUnwrap().close();
    for (const name of ["decisions", "quarantine"]) await mkdir(join(folder, name));
    for (const name of ["opencode-install.json", "refresh-a%20b.lock"])
      await writeFile(join(folder, name), "");
    await chmod(folder, 0o755);
    await (await open(file))._unsafeUnwrap().close();
    expect(await modeOf(folder)).toBe(0o700);
  });
});
