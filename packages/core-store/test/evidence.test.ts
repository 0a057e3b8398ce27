import { link, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { epochMs, failure } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "../src/node/index.ts";
import {
  namesIn,
  openFilesIn,
  plusOne,
  random,
  temporaryFolder,
  testAccount,
  withAccount,
} from "./support.ts";

const clock = { now: () => epochMs(Date.UTC(2026, 10, 21, 12)) };
let folder: string;
let file: string;
let stamped: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, "store.json");
  stamped = `${file}.corrupt-2026-11-21T12-00-00.000Z`;
  const store = await open();
  (await store.update((state) => ok(withAccount(state, testAccount("work")))))._unsafeUnwrap();
  await store.close();
});

async function open() {
  const store = (await openStore({ folder, clock, random }))._unsafeUnwrap();
  onTestFinished(async () => void (await store.close()));
  return store;
}

const recover = async () => {
  const store = await open();
  await store.close();
  return store.report;
};
const evidence = async (): Promise<string[]> =>
  (await namesIn(folder)).filter((name) => name.includes(".corrupt-")).map((name) => join(folder, name));

describe("what a recovery keeps of a broken store", () => {
  it("is each one of several that broke within one instant", async () => {
    const texts = ["{", "[", "<"];
    const kept: (string | undefined)[] = [];
    for (const text of texts) {
      await writeFile(file, text);
      kept.push((await recover()).evidence);
    }
    expect(kept).toEqual([stamped, `${stamped}-1`, `${stamped}-2`]);
    expect(await Promise.all(kept.map((path) => readFile(path ?? "", "utf8")))).toEqual(texts);
    await expect.poll(() => openFilesIn(folder)).toEqual([]);
  });

  it("is the one name that it has already where a recovery was cut short after that", async () => {
    await writeFile(file, "{");
    await link(file, `${file}.corrupt-earlier`);
    await writeFile(`${file}.corrupt-before`, "[");
    expect((await recover()).evidence).toBe(`${file}.corrupt-earlier`);
    expect(await evidence()).toEqual([`${file}.corrupt-before`, `${file}.corrupt-earlier`]);
    expect(await readFile(`${file}.corrupt-earlier`, "utf8")).toBe("{");
  });

  it("has a name of its own, whatever else the file is called", async () => {
    await writeFile(file, "{");
    await link(file, join(folder, "a copy of mine"));
    await link(file, join(folder, "another.corrupt-copy"));
    expect((await recover()).evidence).toBe(stamped);
    expect((await stat(stamped)).nlink).toBe(3);
  });

  it.each<[string, string, () => Promise<unknown>, string]>([
    ["cut short", "{", async () => undefined, "must be JSON in UTF-8"],
    ["cut to nothing", "{", () => truncate(file), "must not be empty"],
    ["made a list", "[]", async () => undefined, "must be a JSON object"],
  ])("is told, with what was done: a store that was %s", async (_, text, damage, constraint) => {
    await writeFile(file, text);
    await damage();
    const then = "the last good snapshot was restored";
    const message = `${file} ${constraint}; ${then}; the file was kept as ${stamped}`;
    const details = { file, path: "", constraint, evidence: stamped, restoredFrom: "snapshot" } as const;
    expect(await recover()).toEqual({
      kind: "restored",
      quarantined: [],
      evidence: stamped,
      problem: failure("STORE_CORRUPTED", message, details),
    });
  });

  it("is told with the field that broke it, and that nothing could be restored", async () => {
    const store = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...store, rotation: 7 }));
    await rm(`${file}.lkg`);
    const { kind, problem } = await recover();
    const then = "there was no snapshot to restore";
    expect([kind, problem?.message]).toEqual([
      "created",
      `${file}, field rotation must be an object; ${then}; the file was kept as ${stamped}`,
    ]);
    const again = await open();
    expect((await again.update((state) => ok(plusOne(state)))).isOk()).toBe(true);
  });
});
