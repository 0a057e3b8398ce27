import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { findLeftovers } from "../src/node/index.ts";
import { temporaryFolder } from "./support.ts";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

describe("findLeftovers", () => {
  it("names what holds secrets, and touches none of it", async () => {
    const store = join(folder, "opencode-multi-auth", "accounts.json");
    const own = join(folder, "own", "store.json");
    const files = [
      store,
      `${store}.bak`,
      `${store}.lkg`,
      `${store}.tmp-4711-1789990000000`,
      `${store}.md`,
      join(folder, ".config/opencode-multi-auth/credentials.json"),
      join(folder, ".codex-multi/zoe/auth.json"),
      join(folder, ".codex-multi/home/auth.json"),
      own,
      `${own}.lkg`,
      `${own}.v1`,
    ];
    for (const file of files) {
      await mkdir(join(file, ".."), { recursive: true });
      await writeFile(file, "secret");
    }
    const found = await findLeftovers({ home: folder, stores: [store, join(folder, "none.json")], own });
    expect(found.map(({ path, kind }) => [path.slice(folder.length + 1), kind])).toEqual([
      ["opencode-multi-auth/accounts.json", "store"],
      ["opencode-multi-auth/accounts.json.bak", "backup"],
      ["opencode-multi-auth/accounts.json.lkg", "last-known-good"],
      ["opencode-multi-auth/accounts.json.tmp-4711-1789990000000", "temporary"],
      ["own/store.json.v1", "earlier-copy"],
      [".config/opencode-multi-auth/credentials.json", "credentials"],
      [".codex-multi/home/auth.json", "probe-home"],
      [".codex-multi/zoe/auth.json", "probe-home"],
    ]);
    for (const file of files) expect(await readFile(file, "utf8")).toBe("secret");
  });

  it.each([
    [".bak", "backup"],
    [".bak.1", "backup"],
    [".bak-2026", "backup"],
    [".lkg", "last-known-good"],
    [".tmp-1-23", "temporary"],
    [".4711.tmp", "temporary"],
    [".bakery", undefined],
    [".lkg.old", undefined],
    [".old.bak", undefined],
    [".tmp-1", undefined],
    [".tmp-1-23x", undefined],
    [".tmp-a-1", undefined],
    ["x.lkg", undefined],
    ["x.1.tmp", undefined],
    ["tmp", undefined],
    [".v1", undefined],
  ])("beside an earlier store, %s is a %s", async (suffix, kind) => {
    expect(await kindsBeside(`accounts.json${suffix}`)).toEqual(kind === undefined ? [] : [kind]);
  });

  it.each([
    [".v1", "earlier-copy"],
    [".v1-2", "earlier-copy"],
    [".baseline-v2", "earlier-copy"],
    [".account-list-12", "earlier-copy"],
    [".labelled-list", "earlier-copy"],
    [".v1-", undefined],
    [".v12", undefined],
    ["x.v1", undefined],
    [".bak", undefined],
    [".lkg", undefined],
  ])("beside our store, %s is a %s", async (suffix, kind) => {
    expect(await kindsBeside(`store.json${suffix}`)).toEqual(kind === undefined ? [] : [kind]);
  });

  it("names passwords wherever they are kept, each file once", async () => {
    const usual = join(folder, ".config", "opencode-multi-auth", "credentials.json");
    const named = join(folder, "named.json");
    await mkdir(join(usual, ".."), { recursive: true });
    for (const path of [usual, named]) await writeFile(path, "secret");
    const find = (credentials?: string) =>
      findLeftovers({ home: folder, stores: [], own: join(folder, "none", "store.json"), credentials });
    expect(await find()).toEqual([credentials(usual)]);
    expect(await find("")).toEqual([credentials(usual)]);
    expect(await find(usual)).toEqual([credentials(usual)]);
    expect(await find(named)).toEqual([credentials(usual), credentials(named)]);
    expect(await find(join(folder, "none.json"))).toEqual([credentials(usual)]);
  });
});

const credentials = (path: string) => ({ path, kind: "credentials" });

/** What a file of that name is, beside our store or an earlier one. */
async function kindsBeside(name: string): Promise<string[]> {
  await writeFile(join(folder, name), "secret");
  const [used, ours] = ["accounts.json", "store.json"].map((store) => join(folder, store));
  const found = await findLeftovers({ home: join(folder, "home"), stores: [used!], own: ours! });
  expect(found.every(({ path }) => path === join(folder, name))).toBe(true);
  return found.map(({ kind }) => kind);
}
