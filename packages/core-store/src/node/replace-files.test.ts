import { mkdtemp, open, readdir, readFile, rm, symlink, writeFile, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { epochMs } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Context } from "./context.ts";
import { Fault } from "./fault.ts";
import { noKeys } from "./keys.ts";
import { diskSteps, replaceFiles, type WriteSteps } from "./replace-files.ts";
import { currentUid } from "./safe-file.ts";

const context: Context = {
  clock: { now: () => epochMs(0) },
  random: { next: Math.random },
  uid: currentUid(),
  keys: noKeys,
};

let folder: string;
let first: string;
let second: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "replace-files-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  first = join(folder, "first");
  second = join(folder, "second");
  await writeFile(first, "old first", { mode: 0o600 });
  await writeFile(second, "old second", { mode: 0o600 });
});

const replaceBoth = (steps: WriteSteps = diskSteps) =>
  replaceFiles(
    [
      { path: first, text: "new first" },
      { path: second, text: "new second" },
    ],
    context,
    steps,
  );

const contents = async (): Promise<Record<string, string>> => {
  const names = (await readdir(folder)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]));
};

describe("replaceFiles", () => {
  it("STO-06: writes and fsyncs temporary files in the same folder, renames, then fsyncs the folder", async () => {
    const { steps, log } = recorded();
    const { handle, incomplete } = await replaceBoth(steps);
    await handle.close();
    expect(incomplete).toBeUndefined();
    const order = ["create", "write", "sync", "rename to first", "rename to second", "sync folder"];
    expect([...new Set(log)]).toEqual(order);
    expect(log.filter((step) => step === "sync")).toHaveLength(2);
    expect(log.lastIndexOf("sync")).toBeLessThan(log.indexOf("rename to first"));
    expect(await contents()).toEqual({ first: "new first", second: "new second" });
  });

  it("STO-06: has the system sync both files before they are renamed, and the folder afterwards", async () => {
    const synced = await observedSyncs();
    const { handle } = await replaceBoth();
    await handle.close();
    expect(synced.toSorted()).toEqual([
      "file of 10 bytes beside old first, old second",
      "file of 9 bytes beside old first, old second",
      "folder of new first, new second",
    ]);
    expect(synced.at(-1)).toMatch(/^folder/);
  });

  it.each(["create", "write", "sync", "rename to first"])(
    "STO-06: a failed %s leaves the old files and no temporary one",
    async (failing) => {
      const { steps } = recorded(failing);
      const failed = await replaceBoth(steps).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(failed).toBeInstanceOf(Fault);
      expect(failed).toMatchObject({
        failure: { code: "STORE_UNWRITABLE", details: { path: first, errno: "ENOSPC" } },
      });
      expect(await contents()).toEqual({ first: "old first", second: "old second" });
    },
  );

  it.each(["rename to second", "sync folder"])(
    "tells that only a part was done when %s fails",
    async (failing) => {
      const { steps } = recorded(failing);
      const { handle, incomplete } = await replaceBoth(steps);
      await handle.close();
      expect(incomplete).toMatchObject({ code: "STORE_UNWRITABLE" });
      const left = await contents();
      expect(Object.keys(left)).toEqual(["first", "second"]);
      expect(left["first"]).toBe("new first");
    },
  );

  it("STO-10: refuses a temporary file that is there already, a link above all", async () => {
    const target = join(folder, "target");
    await writeFile(target, "somebody's");
    const steps: WriteSteps = {
      ...diskSteps,
      create: async (path) => {
        await symlink(target, path);
        return diskSteps.create(path);
      },
    };
    await expect(replaceBoth(steps)).rejects.toMatchObject({
      failure: { code: "STORE_PATH_UNSAFE", details: { problem: "name-taken" } },
    });
    expect(await contents()).toEqual({ first: "old first", second: "old second", target: "somebody's" });
  });
});

/** What the operating system is asked to sync, and what stood on the disk at that moment. */
async function observedSyncs(): Promise<string[]> {
  const synced: string[] = [];
  const some = await open(folder);
  const sync: (this: FileHandle) => Promise<void> = Reflect.get(some, "sync");
  const handles: FileHandle = Object.getPrototypeOf(some);
  await some.close();
  onTestFinished(() => void Object.assign(handles, { sync }));
  Object.assign(handles, {
    async sync(this: FileHandle) {
      const stats = await this.stat();
      const texts = await Promise.all([first, second].map((path) => readFile(path, "utf8")));
      const what = stats.isDirectory() ? "folder of" : `file of ${stats.size} bytes beside`;
      synced.push(`${what} ${texts.join(", ")}`);
      return sync.call(this);
    },
  });
  return synced;
}

/** The real steps, told of in `log`; the step named `failing` is refused by a full disk. */
function recorded(failing?: string): { steps: WriteSteps; log: string[] } {
  const log: string[] = [];
  const step = (name: string): void => {
    if (name === failing)
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    log.push(name);
  };
  const steps: WriteSteps = {
    create: async (path) => {
      expect(dirname(path)).toBe(folder);
      step("create");
      return diskSteps.create(path);
    },
    write: async (file, text) => {
      // A disk becomes full in the middle of a write.
      await diskSteps.write(file, text.slice(0, 3));
      step("write");
      await diskSteps.write(file, text.slice(3));
    },
    sync: async (file) => {
      step("sync");
      await diskSteps.sync(file);
    },
    rename: async (from, to) => {
      step(`rename to ${to === first ? "first" : "second"}`);
      await diskSteps.rename(from, to);
    },
    remove: (path) => diskSteps.remove(path),
    openFolder: (path) => {
      expect(path).toBe(folder);
      return diskSteps.openFolder(path);
    },
    syncFolder: async (opened) => {
      step("sync folder");
      await diskSteps.syncFolder(opened);
    },
  };
  return { steps, log };
}
