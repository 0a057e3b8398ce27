import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { PoolStore } from "../src/index.ts";
import { importBeside, migrateInPlace } from "../src/node/adopt.ts";
import { contextOf } from "../src/node/context.ts";
import { openStore } from "../src/node/index.ts";
import { earlierJson, earlierText, envelopeOf } from "./earlier-stores.ts";
import { clock, filesIn, openTestStore, random, temporaryFolder } from "./support.ts";

const context = contextOf({ clock, random });
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const aliases = (store: PoolStore): string[] => Object.keys(store.state().accounts);
const openNamed = (file: string, earlierPassphrase?: string) =>
  openStore({ folder, file, clock, random, earlierPassphrase }).map((store) => {
    onTestFinished(async () => void (await store.close()));
    return store;
  });

describe("a store of ours in an earlier shape", () => {
  it("leaves a copy of each one that was put there, and one of the same", async () => {
    const file = join(folder, "store.json");
    const texts = [earlierText("v1-first"), earlierText("v1-late"), `${earlierText("v1-first")}\n`];
    const copies = [`${file}.v1`, `${file}.v1-2`, `${file}.v1-3`];
    for (const [index, text] of [...texts, ...texts].entries()) {
      await writeFile(file, text, { mode: 0o600 });
      const { store } = await openTestStore(folder);
      expect(store.report.earlier?.file).toBe(copies[index % 3]);
      await store.close();
    }
    expect(await Promise.all(copies.map((copy) => readFile(copy, "utf8")))).toEqual(texts);
    expect(Object.keys(await filesIn(folder)).filter((name) => name.includes(".v1"))).toHaveLength(3);
  });

  it.each<[string, string | Buffer | undefined]>([
    ["a newer list", JSON.stringify({ ...earlierJson("codex-ma"), version: 4 })],
    ["a newer list that says so in text", JSON.stringify({ ...earlierJson("codex-ma"), version: "4" })],
    ["no JSON", "{"],
    ["no text", Buffer.from(earlierText("v1-first").replace("ann@example.com", "\u00e9"), "latin1")],
    ["nothing at all", undefined],
  ])("that became %s meanwhile is left as it is", async (_, content) => {
    const file = join(folder, "store.json");
    if (content !== undefined) await writeFile(file, content, { mode: 0o600 });
    const before = await filesIn(folder);
    expect(await migrateInPlace(file, context)).toBeUndefined();
    expect(await filesIn(folder)).toEqual(before);
  });
});

describe("a file of an earlier plugin that is named as the store", () => {
  it.each([
    ["accounts.json", "accounts.store.json"],
    ["accounts", "accounts.store.json"],
    ["a.json.b", "a.json.b.store.json"],
  ])("%s has ours beside it as %s", async (name, own) => {
    const inside = join(folder, "my.json files");
    await mkdir(inside, { mode: 0o700 });
    await writeFile(join(inside, name), earlierText("v1-first"));
    const store = (await openNamed(join(inside, name)))._unsafeUnwrap();
    expect(store.report.earlier?.store).toBe(join(inside, own));
    expect(aliases(store)).toEqual(["work", "home"]);
  });

  it("is not imported from again while any copy of ours is left", async () => {
    const file = join(folder, "accounts.json");
    const own = join(folder, "accounts.store.json");
    await writeFile(file, earlierText("v1-first"));
    await (await openNamed(file))._unsafeUnwrap().close();
    await writeFile(file, earlierText("v1-late"));
    await rm(own);
    const restored = (await openNamed(file))._unsafeUnwrap();
    expect(restored.report).toEqual({ kind: "restored", quarantined: [], earlier: { file, store: own } });
    expect(aliases(restored)).toEqual(["work", "home"]);
    await restored.close();
    await rm(`${own}.lkg`);
    const again = (await openNamed(file))._unsafeUnwrap();
    expect(aliases(again)).toEqual(["work", "home"]);
    await again.close();
    for (const path of [own, `${own}.lkg`]) await rm(path, { force: true });
    expect(aliases((await openNamed(file))._unsafeUnwrap())).toEqual(["work", "client.2"]);
  });

  it("dates what has no date by when it was last written, in the order of the file", async () => {
    const file = join(folder, "accounts.json");
    const own = join(folder, "accounts.store.json");
    await writeFile(file, earlierText("v1-first"));
    await utimes(file, 1_790_000_000.75, 1_790_000_000.75);
    await importBeside(file, own, undefined, context);
    const { accounts } = JSON.parse(await readFile(own, "utf8"));
    expect([accounts.work.addedAt, accounts.home.addedAt]).toEqual([1_790_000_000_750, 1_790_000_000_751]);
  });

  it("that goes meanwhile is told, and no store takes its place", async () => {
    const file = join(folder, "accounts.json");
    const importing = importBeside(file, join(folder, "accounts.store.json"), undefined, context);
    await expect(importing).rejects.toMatchObject({
      failure: { code: "STORE_UNREADABLE", details: { path: file, errno: "ENOENT" } },
    });
    expect(await filesIn(folder)).toEqual({});
  });

  it("says what to do when its passphrase is missing or wrong", async () => {
    const file = join(folder, "accounts.json");
    await writeFile(file, envelopeOf(earlierText("v1-first"), "correct horse"));
    const whys = [
      [undefined, `${file} is encrypted with a passphrase`],
      ["battery staple", `the passphrase does not open ${file}, or the file was damaged`],
    ] as const;
    for (const [passphrase, why] of whys) {
      expect((await openNamed(file, passphrase))._unsafeUnwrapErr()).toEqual(
        failure("STORE_UNSUPPORTED", `${why}; it was left untouched`, {
          file,
          shape: "encrypted",
          fix:
            "set CODEX_SOFT_STORE_PASSPHRASE for the first start, or unset OPENCODE_MULTI_AUTH_STORE_FILE and run " +
            `\`oma import --from ${file}\``,
        }),
      );
    }
  });

  it("says what to do when it is nothing that we know", async () => {
    const file = join(folder, "accounts.json");
    await writeFile(file, '{"hello":"world"}');
    expect((await openNamed(file))._unsafeUnwrapErr()).toEqual(
      failure("STORE_UNSUPPORTED", `${file} is not a store of an earlier plugin; it was left untouched`, {
        file,
        shape: "unknown",
        fix: `point OPENCODE_MULTI_AUTH_STORE_FILE elsewhere, or move ${file} away`,
      }),
    );
  });
});
