import { appendFile, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { epochMs } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createJsonLines, type JsonLines, type LinePosition } from "../src/node/index.ts";
import { clock, namesIn, startWorker, temporaryFolder, until } from "./support.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = join(await temporaryFolder(), "decisions");
  file = join(folder, "decisions.jsonl");
});

function open(limits: { maxBytes?: number; maxFiles?: number } = {}): JsonLines {
  const lines = createJsonLines({
    folder,
    name: "decisions",
    maxBytes: 10_000,
    maxFiles: 3,
    clock,
    ...limits,
  });
  onTestFinished(async () => void (await lines.close()));
  return lines;
}

const numbered = (n: number): object => ({ n });

describe("createJsonLines", () => {
  it("is empty before anything was appended", async () => {
    expect((await open().read(10))._unsafeUnwrap()).toEqual([]);
  });

  it("reads the newest first, as many as were asked for", async () => {
    const lines = open();
    for (const n of [1, 2, 3]) lines.append(numbered(n));
    await lines.flush();
    lines.append(numbered(4));
    expect((await lines.read(3))._unsafeUnwrap()).toEqual([4, 3, 2].map(numbered));
  });

  it("writes within a second without being asked", async () => {
    const lines = open();
    lines.append(numbered(1));
    await until(async () => (await readFile(file, "utf8").catch(() => "")) !== "", 1000);
    expect(await readFile(file, "utf8")).toBe('{"n":1}\n');
  });

  it("loses nothing, and keeps the order, of what is appended while it writes", async () => {
    const lines = open({ maxBytes: 1_000_000 });
    let n = 0;
    for (let round = 0; round < 10; round += 1) {
      const writing = lines.flush();
      for (let turn = 0; turn < 10; turn += 1) {
        for (let value = 0; value < 40; value += 1) lines.append(numbered(n++));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writing;
    }
    const newestFirst = Array.from({ length: n }, (_, place) => numbered(n - 1 - place));
    expect((await lines.read(n + 1))._unsafeUnwrap()).toEqual(newestFirst);
  });

  it("is bounded: full files are kept up to a number, the newest of them", async () => {
    const lines = open({ maxBytes: 100, maxFiles: 3 });
    for (let n = 0; n < 200; n += 1) {
      lines.append(numbered(n));
      if (n % 5 === 0) await lines.flush();
    }
    await lines.flush();
    expect(await namesIn(folder)).toHaveLength(3);
    const kept = (await lines.read(1000))._unsafeUnwrap();
    expect(kept.length).toBeGreaterThan(20);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => numbered(199 - index)));
  });

  it("keeps the order of its files when the clock stands still", async () => {
    const still = { now: () => epochMs(1) };
    const lines = createJsonLines({ folder, name: "decisions", maxBytes: 1, maxFiles: 20, clock: still });
    for (let n = 0; n < 12; n += 1) {
      lines.append(numbered(n));
      await lines.flush();
    }
    expect((await lines.read(12))._unsafeUnwrap()).toEqual(
      Array.from({ length: 12 }, (_, index) => numbered(11 - index)),
    );
  });

  it("loses and tears no line of several processes that append and rotate at once", async () => {
    const names = ["a", "b", "c", "d"];
    const workers = names.map((name) => startWorker(name === "d" ? "bun" : "node"));
    const done = workers.map((worker, index) =>
      worker.call("lines", { folder, from: names[index] ?? "", count: 200 }),
    );
    expect(await Promise.all(done)).toEqual([true, true, true, true]);
    const texts = (await namesIn(folder)).map((name) => readFile(join(folder, name), "utf8"));
    const lines = (await Promise.all(texts)).flatMap((text) => text.split("\n").filter(Boolean));
    const values: { from: string; n: number }[] = lines.map((line) => JSON.parse(line));
    expect(values).toHaveLength(800);
    expect(new Set(values.map(({ from, n }) => `${from}${n}`)).size).toBe(800);
    expect((await open().read(1000))._unsafeUnwrap()).toHaveLength(800);
  });

  it("passes over a torn line, and begins a new one after it", async () => {
    const lines = open();
    lines.append(numbered(1));
    await lines.flush();
    await appendFile(file, '{"n":');
    lines.append(numbered(2));
    await lines.flush();
    expect((await lines.read(10))._unsafeUnwrap()).toEqual([2, 1].map(numbered));
  });

  it("keeps what the disk refuses, shows it, and writes it later", async () => {
    await writeFile(folder, "in the way");
    const lines = open();
    lines.append(numbered(1));
    expect((await lines.flush())._unsafeUnwrapErr()).toMatchObject({ code: "STORE_PATH_UNSAFE" });
    await rm(folder);
    lines.append(numbered(2));
    await until(async () => (await readFile(file, "utf8").catch(() => "")) === '{"n":1}\n{"n":2}\n');
    expect((await lines.read(10))._unsafeUnwrap()).toEqual([2, 1].map(numbered));
  });

  it("tries by itself until the disk allows it, and no more once it is closed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    await writeFile(folder, "in the way");
    const lines = open();
    lines.append(numbered(1));
    expect((await lines.flush()).isErr()).toBe(true);
    await rm(folder);
    vi.advanceTimersByTime(500);
    expect((await lines.read(10))._unsafeUnwrap()).toEqual([numbered(1)]);
    expect(await readFile(file, "utf8")).toBe('{"n":1}\n');
    await rm(folder, { recursive: true });
    await writeFile(folder, "in the way");
    lines.append(numbered(2));
    expect((await lines.close()).isErr()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes what gives the text, and asks for it soon where there is much of it", async () => {
    const lines = open();
    let asked = 0;
    for (let n = 0; n < 40; n += 1) lines.append(() => `{"n":${(asked += 1)}}`);
    expect(asked).toBe(0);
    await new Promise(setImmediate);
    expect(asked).toBe(40);
    expect((await lines.read(2))._unsafeUnwrap()).toEqual([40, 39].map(numbered));
  });

  it("passes over values that JSON cannot hold", async () => {
    const lines = open();
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    lines.append(circular);
    lines.append({ big: 1n });
    lines.append(numbered(1));
    expect((await lines.read(10))._unsafeUnwrap()).toEqual([numbered(1)]);
  });

  it("hands on what was appended since, however many files became full meanwhile", async () => {
    const lines = open({ maxBytes: 100, maxFiles: 100 });
    const read: object[] = [];
    let position: LinePosition | undefined;
    const follow = async (): Promise<void> => {
      for (;;) {
        const since = (await lines.since(position))._unsafeUnwrap();
        position = since.position;
        read.push(...since.values);
        if (since.isAll) return;
      }
    };
    await follow();
    expect(position).toBeUndefined();
    for (let n = 0; n < 200; n += 1) {
      lines.append(numbered(n));
      if (n % 7 === 0) await lines.flush();
      if (n % 30 === 0) await follow();
    }
    await follow();
    expect(read).toEqual(Array.from({ length: 200 }, (_, n) => numbered(n)));
    expect((await lines.since(position))._unsafeUnwrap()).toEqual({ values: [], position, isAll: true });
  });

  it("goes on with what is left when the file that was being read has been removed", async () => {
    const lines = open({ maxBytes: 50, maxFiles: 2 });
    lines.append(numbered(0));
    const { position } = (await lines.since(undefined))._unsafeUnwrap();
    for (let n = 1; n < 100; n += 1) {
      lines.append(numbered(n));
      await lines.flush();
    }
    const { values } = (await lines.since(position))._unsafeUnwrap();
    expect(values).not.toEqual([]);
    expect(values[0]).toEqual((await lines.read(1000))._unsafeUnwrap().at(-1));
  });

  it("leaves a line that is being written for the next time, and passes over a torn one", async () => {
    const lines = open();
    lines.append(numbered(1));
    await lines.flush();
    await appendFile(file, '{"n":');
    const first = (await lines.since(undefined))._unsafeUnwrap();
    expect(first.values).toEqual([numbered(1)]);
    await appendFile(file, "2}\n");
    const second = (await lines.since(first.position))._unsafeUnwrap();
    expect(second.values).toEqual([numbered(2)]);
    await appendFile(file, "torn");
    lines.append(numbered(3));
    expect((await lines.since(second.position))._unsafeUnwrap().values).toEqual([numbered(3)]);
  });

  it("STO-10: refuses a symlinked file", async () => {
    const lines = open();
    lines.append(numbered(1));
    await lines.flush();
    const elsewhere = join(folder, "elsewhere");
    await writeFile(elsewhere, "");
    await symlink(elsewhere, join(folder, "links.jsonl"));
    const linked = createJsonLines({ folder, name: "links", maxBytes: 100, maxFiles: 2, clock });
    linked.append(numbered(2));
    expect((await linked.close())._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_PATH_UNSAFE",
      details: { problem: "symlink" },
    });
    expect(await readFile(elsewhere, "utf8")).toBe("");
  });
});
