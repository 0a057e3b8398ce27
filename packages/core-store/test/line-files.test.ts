import {
  appendFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { epochMs } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createJsonLines, type JsonLines, type LinePosition } from "../src/node/index.ts";
import { makeFifo, namesIn, temporaryFolder } from "./support.ts";
import { intercept, type Around } from "./torture/steps.ts";

const clock = { now: () => epochMs(7) };
let folder: string;
let file: string;

beforeEach(async () => {
  folder = join(await temporaryFolder(), "log");
  file = join(folder, "log.jsonl");
  await mkdir(folder, { mode: 0o700 });
});

function open(limits: { maxBytes?: number; maxFiles?: number } = {}): JsonLines {
  const lines = createJsonLines({ folder, name: "log", maxBytes: 1_000_000, maxFiles: 9, clock, ...limits });
  onTestFinished(async () => void (await lines.close()));
  return lines;
}

const since = async (position?: LinePosition) => (await open().since(position))._unsafeUnwrap();
const line = (n: number): string => `{"n":${n}}\n`;
const long = (n: number, length: number): string => `${JSON.stringify({ n, text: "x".repeat(length) })}\n`;
const numbers = (values: readonly object[]): unknown[] => values.map((value) => Reflect.get(value, "n"));
const put = async (files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
};
const around = async (how: Around): Promise<void> => onTestFinished(await intercept(folder, how));

describe("the files of a log", () => {
  it.each([
    [20, [18, 36, 36]],
    [18, [18, 18, 18, 18, 18]],
  ])(
    "take so many lines at once as fit %i bytes, and become full when they have as many",
    async (maxBytes, expected) => {
      const lines = open({ maxBytes });
      for (let n = 10; n < 20; n += 1) lines.append({ n });
      (await lines.flush())._unsafeUnwrap();
      const [current = "", ...full] = (await namesIn(folder)).toReversed();
      expect(current).toBe("log.jsonl");
      expect(full).toHaveLength(expected.length - 1);
      for (const name of full) expect(name).toMatch(new RegExp(`^log\\.7-${process.pid}-\\d+\\.jsonl$`));
      const sizes = [...full, current].map(async (name) => (await stat(join(folder, name))).size);
      expect((await Promise.all(sizes)).toSorted((a, b) => a - b)).toEqual(expected);
      expect(numbers((await lines.read(99))._unsafeUnwrap())).toEqual([
        19, 18, 17, 16, 15, 14, 13, 12, 11, 10,
      ]);
    },
  );

  it("take a line that is too large for any file, by itself", async () => {
    const lines = open({ maxBytes: 12 });
    for (const text of ["äääääää", "b", "c"]) lines.append({ text });
    (await lines.flush())._unsafeUnwrap();
    const kept = (await lines.read(99))._unsafeUnwrap();
    expect(kept).toEqual([{ text: "c" }, { text: "b" }, { text: "äääääää" }]);
    expect(await namesIn(folder)).toHaveLength(3);
  });

  it.each([1, 0])("are only the newest where %i are kept", async (maxFiles) => {
    const lines = open({ maxBytes: 1, maxFiles });
    for (const n of [1, 2, 3]) {
      lines.append({ n });
      (await lines.flush())._unsafeUnwrap();
    }
    expect(await namesIn(folder)).toEqual(["log.jsonl"]);
    expect(numbers((await lines.read(9))._unsafeUnwrap())).toEqual([3]);
  });

  it("are read in the order of their names, and no others are", async () => {
    await put({
      "log.jsonl": line(9),
      "log.10-10-2.jsonl": line(8),
      "log.10-10-1.jsonl": line(7),
      "log.10-9-3.jsonl": line(6),
      "log.9-99-9.jsonl": line(5),
    });
    await put(
      Object.fromEntries(
        [
          "log.11-1.jsonl",
          "log.11-1-1.jsonl.bak",
          "log.x11-1-1.jsonl",
          "xlog.11-1-1.jsonl",
          "logs11-1-1.jsonl",
        ].map((name) => [name, line(0)]),
      ),
    );
    expect(numbers((await open().read(99))._unsafeUnwrap())).toEqual([9, 8, 7, 6, 5]);
    expect(numbers((await open().read(2))._unsafeUnwrap())).toEqual([9, 8]);
    expect(numbers((await open().since(undefined))._unsafeUnwrap().values)).toEqual([5]);
  });

  it("are read once where one becomes full meanwhile", async () => {
    await put({ "log.1-1-1.jsonl": line(1), "log.jsonl": line(2) });
    let reads = 0;
    await around(async ({ name }, run) => {
      const result = await run();
      if (name === "readFile" && (reads += 1) === 1) {
        await rename(file, join(folder, "log.2-1-1.jsonl"));
        await put({ "log.jsonl": line(3) });
      }
      return result;
    });
    expect(numbers((await open().read(99))._unsafeUnwrap())).toEqual([2, 1]);
  });

  it("are read though one becomes full right before", async () => {
    await put({ "log.1-1-1.jsonl": line(1), "log.jsonl": line(2) });
    let opens = 0;
    await around(async ({ name }, run) => {
      if (name === "open" && (opens += 1) === 1) await rename(file, join(folder, "log.2-1-1.jsonl"));
      return run();
    });
    expect(numbers((await open().read(99))._unsafeUnwrap())).toEqual([2, 1]);
  });

  it("hold what is no object as well; it is passed over", async () => {
    await put({ "log.jsonl": `${line(1)}null\n5\n"text"\ntrue\n\n${line(2)}{"n":` });
    expect(numbers((await open().read(99))._unsafeUnwrap())).toEqual([2, 1]);
    expect(numbers((await open().since(undefined))._unsafeUnwrap().values)).toEqual([1, 2]);
  });

  it.each([
    ["nothing at all", "", ""],
    ["half a line", `${line(1)}{"n`, `${line(1)}{"n\n`],
    ["two lines and a half", `${line(1)}${line(2)}{"n`, `${line(1)}${line(2)}{"n\n`],
    ["the very last byte not", `${line(1)}${line(2)}{"n":3}`, `${line(1)}${line(2)}{"n":3}\n`],
  ])("get the rest where the disk took %s", async (_, taken, then) => {
    let isFirst = true;
    await around(async ({ name }, run) => {
      if (name !== "write" || !isFirst) return run();
      isFirst = false;
      return run(taken);
    });
    const lines = open();
    for (const n of [1, 2, 3]) lines.append({ n });
    (await lines.flush())._unsafeUnwrap();
    const text = await readFile(file, "utf8");
    const missing = [1, 2, 3].map(line).slice(taken.split("\n").length - 1);
    expect(text).toBe(then + missing.join(""));
  });

  it("begin a line of their own after a torn one, also where the disk took nothing more", async () => {
    await put({ "log.jsonl": '{"torn' });
    let isFirst = true;
    await around(async ({ name }, run) => {
      if (name !== "write" || !isFirst) return run();
      isFirst = false;
      return run("\n{");
    });
    const lines = open();
    lines.append({ n: 1 });
    (await lines.flush())._unsafeUnwrap();
    expect(await readFile(file, "utf8")).toBe(`{"torn\n{\n${line(1)}`);
  });
});

describe("a log in whose way something is put right before it is opened", () => {
  const swaps: [string, object, () => unknown][] = [
    ["a FIFO", { code: "STORE_PATH_UNSAFE", details: { problem: "not-a-file" } }, () => makeFifo(file)],
    [
      "a link",
      { code: "STORE_UNWRITABLE", details: { errno: "ELOOP" } },
      () => symlink(join(folder, "elsewhere"), file),
    ],
  ];

  it.each(swaps)("STO-10: %s is not written into", async (_, expected, swap) => {
    let isFirst = true;
    await around(async ({ name }, run) => {
      if (name === "open" && isFirst) {
        isFirst = false;
        await swap();
      }
      return run();
    });
    const lines = open();
    lines.append({ n: 1 });
    expect((await lines.flush())._unsafeUnwrapErr()).toMatchObject(expected);
    expect(await namesIn(folder)).toEqual(["log.jsonl"]);
    await rm(file);
    (await lines.flush())._unsafeUnwrap();
    expect(await readFile(file, "utf8")).toBe(line(1));
  });
});

describe("what follows a position in a log", () => {
  it("is nothing, and no position, before there is a line", async () => {
    expect(await since()).toEqual({ values: [], position: undefined, isAll: true });
    await put({ "log.1-1-1.jsonl": "", "log.jsonl": '{"n":' });
    expect(await since()).toEqual({ values: [], position: undefined, isAll: true });
  });

  it("comes one file at a time, and tells when that was all", async () => {
    await put({
      "log.1-1-1.jsonl": line(1),
      "log.2-1-1.jsonl": `torn\n`,
      "log.3-1-1.jsonl": line(3),
      "log.jsonl": line(4),
    });
    const first = await since();
    expect([numbers(first.values), first.isAll]).toEqual([[1], false]);
    expect(first.position).toEqual({ file: expect.stringMatching(/^[0-9a-f]{16}$/), offset: 8 });
    const second = await since(first.position);
    expect([numbers(second.values), second.isAll]).toEqual([[3], false]);
    const third = await since(second.position);
    expect([numbers(third.values), third.isAll]).toEqual([[4], true]);
    expect(await since(third.position)).toEqual({ values: [], position: third.position, isAll: true });
    await appendFile(file, line(5) + line(6));
    const fourth = await since(third.position);
    expect([numbers(fourth.values), fourth.isAll, fourth.position?.offset]).toEqual([[5, 6], true, 24]);
    await appendFile(file, '{"n":');
    expect(await since(fourth.position)).toEqual({ values: [], position: fourth.position, isAll: true });
  });

  it("comes in parts of a quarter of a megabyte, each line whole", async () => {
    await put({ "log.jsonl": long(1, 150_000) + long(2, 100_000) + long(3, 700_000) + long(4, 10) });
    const parts: unknown[] = [];
    let position: LinePosition | undefined;
    for (let isAll = false; !isAll;) {
      const part = await since(position);
      ({ position, isAll } = part);
      parts.push(numbers(part.values));
    }
    expect(parts).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("is found again whatever the file is called by now, also where its first line is very long", async () => {
    await put({ "log.jsonl": long(1, 2000) + line(2) });
    const { position } = await since();
    await rename(file, join(folder, "log.5-1-1.jsonl"));
    await put({ "log.4-1-1.jsonl": line(0), "log.jsonl": line(3) });
    const next = await since(position);
    expect([numbers(next.values), next.isAll]).toEqual([[3], true]);
    await appendFile(join(folder, "log.5-1-1.jsonl"), line(9));
    expect(numbers((await since(position)).values)).toEqual([9]);
  });

  it("is all there is where the file was cut", async () => {
    await put({ "log.jsonl": line(1) + line(2) });
    const { position } = await since();
    await truncate(file, 8);
    expect(numbers((await since(position)).values)).toEqual([1]);
  });

  it("misses no file that becomes full while the list is made", async () => {
    await put({ "log.1-1-1.jsonl": line(1), "log.jsonl": line(2) });
    let looks = 0;
    await around(async ({ name }, run) => {
      const result = await run();
      if (name === "readdir" && (looks += 1) === 1) {
        await rename(file, join(folder, "log.2-1-1.jsonl"));
        await put({ "log.jsonl": line(3) });
      }
      return result;
    });
    const first = await since();
    const second = await since(first.position);
    const third = await since(second.position);
    expect([first, second, third].map(({ values }) => numbers(values))).toEqual([[1], [2], [3]]);
    expect([first, second, third].map(({ isAll }) => isAll)).toEqual([false, false, true]);
  });

  it("comes in the end where files become full all the time", async () => {
    await put({ "log.1-1-1.jsonl": line(1) });
    let looks = 0;
    await around(async ({ name }, run) => {
      if (name === "readdir") {
        looks += 1;
        await put({ [`log.${looks + 1}-1-1.jsonl`]: line(looks + 1) });
      }
      return run();
    });
    expect(numbers((await since()).values)).toEqual([1]);
    expect(looks).toBe(19);
  });
});
