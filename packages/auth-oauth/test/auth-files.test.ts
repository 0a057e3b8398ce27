import { epochMs, type Credential, type SharedFile } from "@open-multi-auth/domain";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fingerprint, type AuthFileKind } from "../src/index.ts";
import { createSharedFiles, readAuthFile, writeBackIfUnchanged } from "../src/node/index.ts";
import { accessToken, account, authFile, jwt, START } from "./support.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "auth-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = async (content: unknown, name = "auth.json"): Promise<string> => {
  const path = join(folder, name);
  const raw = typeof content === "string" || content instanceof Uint8Array;
  await writeFile(path, raw ? content : JSON.stringify(content, null, 2), { mode: 0o600 });
  return path;
};
const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));

const holding = (path: string, refreshToken: string, kind: AuthFileKind = "codex-auth-json"): SharedFile => ({
  kind,
  path,
  fingerprint: fingerprint(refreshToken),
});

const renewed: Credential = {
  accessToken: accessToken("new"),
  refreshToken: "rt_new_00000001",
  idToken: jwt({ email: "person@example.test" }),
  expiresAt: epochMs(START + 864_000_000),
  lastRefresh: "2026-11-21T12:00:00.000Z",
};

const sharing = (...sharedWith: SharedFile[]) => ({ ...account(), sharedWith });
const codexFile = (name: string, seconds?: number) => ({
  tokens: { access_token: accessToken(name, seconds), refresh_token: `rt_${name}` },
});

describe("readAuthFile", () => {
  it("AUT-03: reads the Codex CLI's file at the path it is given, also through a symbolic link", async () => {
    const path = join(folder, "linked.json");
    await symlink(await put(authFile("codex-chatgpt")), path);
    const [login] = (await readAuthFile(path, "codex-auth-json"))._unsafeUnwrap();
    expect(login).toMatchObject({
      email: "fake.user@example.test",
      refreshToken: "rt_FAKE_A",
      sharedWith: [holding(path, "rt_FAKE_A")],
    });
  });

  it("AUT-03: reads OpenCode's file", async () => {
    const path = await put({
      openai: { type: "oauth", refresh: "rt_1", access: accessToken("a"), expires: 5 },
    });
    const [login] = (await readAuthFile(path, "opencode-auth-json"))._unsafeUnwrap();
    expect(login).toMatchObject({
      source: "opencode",
      sharedWith: [holding(path, "rt_1", "opencode-auth-json")],
    });
  });

  it("AUT-03: names path, reason and fix of a file that cannot be read", async () => {
    const cases = [
      [join(folder, "none.json"), "missing"],
      [join(await put("", "file"), "auth.json"), "missing"],
      [folder, "not-a-file"],
      [await put(" ".repeat(1024 * 1024 + 1), "large.json"), "too-large"],
      [await put(Buffer.from([0x7b, 0xff, 0x7d]), "bytes.json"), "not-text"],
    ] as const;
    for (const [path, why] of cases) {
      const failed = (await readAuthFile(path, "codex-auth-json"))._unsafeUnwrapErr();
      expect(failed).toMatchObject({
        code: "AUTH_FILE_UNREADABLE",
        message: expect.stringContaining(path),
        details: { path, why, fix: expect.stringMatching(/\w/) },
      });
    }
  });

  it("AUT-03: names the path of a file whose content is wrong", async () => {
    const path = await put("{ broken");
    const failed = (await readAuthFile(path, "opencode-auth-json"))._unsafeUnwrapErr();
    expect(failed).toMatchObject({ code: "AUTH_FILE_INVALID", details: { path } });
  });
});

describe("writeBackIfUnchanged", () => {
  it("AUT-11: puts renewed tokens into the Codex CLI's file and keeps all else", async () => {
    const path = await put(authFile("codex-chatgpt"));
    await chmod(path, 0o640);
    const before = await read(path);
    expect((await writeBackIfUnchanged(holding(path, "rt_FAKE_A"), renewed))._unsafeUnwrap()).toBe("written");
    const { tokens, ...rest } = before as { tokens: object };
    expect(await read(path)).toStrictEqual({
      ...rest,
      tokens: {
        ...tokens,
        access_token: renewed.accessToken,
        refresh_token: "rt_new_00000001",
        id_token: renewed.idToken,
      },
      last_refresh: "2026-11-21T12:00:00.000Z",
    });
    expect(Object.keys((await read(path)) as object)).toStrictEqual(Object.keys(before as object));
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toStrictEqual(["auth.json"]);
  });

  it("AUT-11: puts renewed tokens into OpenCode's entry alone", async () => {
    const openai = { type: "oauth", refresh: "rt_1", access: "old", expires: 5, accountId: "w" };
    const path = await put({ anthropic: { type: "api", key: "k" }, openai });
    const shared = holding(path, "rt_1", "opencode-auth-json");
    expect((await writeBackIfUnchanged(shared, renewed))._unsafeUnwrap()).toBe("written");
    expect(await read(path)).toStrictEqual({
      anthropic: { type: "api", key: "k" },
      openai: {
        ...openai,
        refresh: "rt_new_00000001",
        access: renewed.accessToken,
        expires: renewed.expiresAt,
      },
    });
  });

  it("keeps the spellings of an early file", async () => {
    const path = await put({ accessToken: "a", refreshToken: "rt_1", lastRefresh: "x", other: [1] });
    await writeBackIfUnchanged(holding(path, "rt_1"), renewed);
    expect(await read(path)).toStrictEqual({
      accessToken: renewed.accessToken,
      refreshToken: "rt_new_00000001",
      lastRefresh: "2026-11-21T12:00:00.000Z",
      other: [1],
      id_token: renewed.idToken,
    });
  });

  it("replaces the target of a symbolic link and leaves the link", async () => {
    await mkdir(join(folder, "dotfiles"));
    const target = await put({ tokens: { refresh_token: "rt_1" } }, "dotfiles/auth.json");
    const path = join(folder, "auth.json");
    await symlink(target, path);
    expect((await writeBackIfUnchanged(holding(path, "rt_1"), renewed))._unsafeUnwrap()).toBe("written");
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await read(target)).toMatchObject({ tokens: { refresh_token: "rt_new_00000001" } });
  });

  it.each([
    ["AUT-11: newer tokens", { tokens: { access_token: "a", refresh_token: "rt_newer" } }],
    ["an API key", { OPENAI_API_KEY: "sk-x" }],
  ])("leaves a file with %s alone", async (_name, content) => {
    const path = await put(content);
    const { ino } = await stat(path);
    expect((await writeBackIfUnchanged(holding(path, "rt_1"), renewed))._unsafeUnwrap()).toBe("left-alone");
    expect(await read(path)).toStrictEqual(content);
    expect((await stat(path)).ino).toBe(ino);
  });

  it("does not bring back a file that is gone", async () => {
    const path = join(folder, "auth.json");
    expect((await writeBackIfUnchanged(holding(path, "rt_1"), renewed))._unsafeUnwrap()).toBe("left-alone");
    expect(await readdir(folder)).toStrictEqual([]);
  });

  it("leaves the file as it was when it cannot be replaced, and names it", async () => {
    const path = await put({ tokens: { refresh_token: "rt_1" } });
    await mkdir(`${path}.open-multi-auth.tmp`);
    const failed = (await writeBackIfUnchanged(holding(path, "rt_1"), renewed))._unsafeUnwrapErr();
    expect(failed).toMatchObject({ code: "AUTH_FILE_UNWRITABLE", details: { path } });
    expect(await read(path)).toStrictEqual({ tokens: { refresh_token: "rt_1" } });
  });

  it("overwrites what a crash in the middle of a write has left", async () => {
    const path = await put({ tokens: { refresh_token: "rt_1" } });
    await put("half", "auth.json.open-multi-auth.tmp");
    expect((await writeBackIfUnchanged(holding(path, "rt_1"), renewed))._unsafeUnwrap()).toBe("written");
    expect(await readdir(folder)).toStrictEqual(["auth.json"]);
  });
});

describe("createSharedFiles", () => {
  it("AUT-11: finds the newest tokens of the account among its files", async () => {
    const older = await put(codexFile("older", 100), "older.json");
    const newer = await put(codexFile("newer", 200), "newer.json");
    const shared = sharing(
      holding(older, "rt_0"),
      holding(newer, "rt_0"),
      holding(join(folder, "none"), "rt_0"),
    );
    expect((await createSharedFiles().newest(shared))._unsafeUnwrap()).toStrictEqual({
      accessToken: accessToken("newer", 200),
      refreshToken: "rt_newer",
      expiresAt: START + 200_000,
    });
  });

  it.each([
    ["the tokens it had when it was imported", codexFile("seen")],
    ["tokens that end before ours", codexFile("older", -60)],
    [
      "another account's login",
      { tokens: { access_token: jwt({ exp: 9e9 }), refresh_token: "rt_x", account_id: "w2" } },
    ],
    ["no login any more", {}],
  ])("takes nothing from a file with %s", async (_name, content) => {
    const shared = sharing(holding(await put(content), "rt_seen"));
    expect((await createSharedFiles().newest(shared))._unsafeUnwrap()).toBeUndefined();
  });

  it.each([
    ["later", "2026-11-21T12:00:00.5Z", "2026-11-21T12:00:00.0Z", true],
    ["earlier", "2026-11-21T12:00:00.0Z", "2026-11-21T12:00:00.5Z", false],
    ["at an instant that only one tells", "2026-11-21T12:00:00.0Z", undefined, true],
    ["at an instant that the other does not tell", undefined, "2026-11-21T12:00:00.0Z", true],
  ])("AUT-11: of tokens that end alike takes those renewed %s", async (_name, theirs, ours, taken) => {
    const login = { ...codexFile("same"), ...(theirs !== undefined && { last_refresh: theirs }) };
    const expiresAt = epochMs(START + 864_000_000);
    const known = { ...sharing(holding(await put(login), "rt_0")), expiresAt };
    const found = await createSharedFiles().newest(
      ours === undefined ? known : { ...known, lastRefresh: ours },
    );
    expect(found._unsafeUnwrap()?.refreshToken).toBe(taken ? "rt_same" : undefined);
  });

  it("reports a broken file, and writes to the others all the same", async () => {
    const broken = await put("{", "broken.json");
    const good = await put(codexFile("old_00000001"), "good.json");
    const shared = sharing(holding(broken, "rt_0"), holding(good, "rt_0"));
    expect((await createSharedFiles().newest(sharing(holding(broken, "rt_0"))))._unsafeUnwrapErr().code).toBe(
      "AUTH_FILE_INVALID",
    );
    const written = await createSharedFiles().writeBack(shared, account(), renewed);
    expect(written._unsafeUnwrapErr()).toMatchObject({ details: { path: broken } });
    expect(await read(good)).toMatchObject({ tokens: { refresh_token: "rt_new_00000001" } });
  });
});
