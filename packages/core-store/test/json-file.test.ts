import { readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFileLock, createJsonFile } from "../src/node/index.ts";
import { clock, namesIn, random, startWorker, temporaryFolder } from "./support.ts";

describe("createJsonFile", () => {
  it("is nothing before it was written, and then holds what the last change gave", async () => {
    const folder = join(await temporaryFolder(), "activity");
    const file = createJsonFile(join(folder, "series.json"), { clock, random });
    expect((await file.read())._unsafeUnwrap()).toBeUndefined();
    (await file.update((value) => ({ before: value ?? null })))._unsafeUnwrap();
    (await file.update((value) => ({ before: value })))._unsafeUnwrap();
    (await file.update(() => undefined))._unsafeUnwrap();
    expect((await file.read())._unsafeUnwrap()).toEqual({ before: { before: null } });
    expect(await namesIn(folder)).toEqual(["series.json"]);
    expect((await stat(join(folder, "series.json"))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it("loses no change of several processes", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "count.json");
    const workers = ["node", "node", "bun"].map((runtime) => startWorker(runtime as "node" | "bun"));
    await Promise.all(workers.map((worker) => worker.call("count", { path, times: 30 })));
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ count: 90 });
  });

  it("tries once where it is told not to wait", async () => {
    const path = join(await temporaryFolder(), "series.json");
    const held = (
      await createFileLock(`${path}.lock`, { clock, random }).acquire({ deadlineMs: 0 })
    )._unsafeUnwrap();
    const file = createJsonFile(path, { clock, random });
    expect((await file.update(() => ({}), 0))._unsafeUnwrapErr()).toMatchObject({ code: "STORE_LOCKED" });
    await held.release();
    (await file.update(() => ({}), 0))._unsafeUnwrap();
  });

  it("keeps a broken file beside the new one", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "series.json");
    await writeFile(path, '{"hours": [');
    const file = createJsonFile(path, { clock, random });
    expect((await file.read())._unsafeUnwrap()).toBeUndefined();
    (await file.update(() => ({ hours: [] })))._unsafeUnwrap();
    const names = await namesIn(folder);
    expect(names).toEqual(["series.json", expect.stringMatching(/^series\.json\.corrupt-[\dTZ.-]+$/)]);
    expect(await readFile(join(folder, names[1]!), "utf8")).toBe('{"hours": [');
  });

  it("STO-10: refuses a link, and changes nothing where it leads", async () => {
    const folder = await temporaryFolder();
    const elsewhere = join(folder, "elsewhere");
    await writeFile(elsewhere, "{}");
    await symlink(elsewhere, join(folder, "series.json"));
    const file = createJsonFile(join(folder, "series.json"), { clock, random });
    const problem = (await file.update(() => ({ ours: true })))._unsafeUnwrapErr();
    expect(problem).toMatchObject({ code: "STORE_PATH_UNSAFE", details: { problem: "symlink" } });
    expect(await readFile(elsewhere, "utf8")).toBe("{}");
  });
});
