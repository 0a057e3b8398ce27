import { execFile } from "node:child_process";
import { createDecipheriv, scrypt } from "node:crypto";
import { readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { emptyStore, epochMs, failure, type StoreV2 } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it } from "vitest";
import { openBackup, readBackup, writeBackup } from "../src/node/index.ts";
import {
  bunBinary,
  clock,
  namesIn,
  random,
  startWorker,
  temporaryFolder,
  testAccount,
  withAccount,
} from "./support.ts";

const PASSPHRASE = "correct horse, battery";
const store = withAccount(emptyStore(), testAccount("work"));
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, "a.backup.json");
});

const write = (passphrase: string | undefined, held: StoreV2 = store) =>
  writeBackup({ path, store: held, passphrase, clock, random });
const open = (passphrase?: string) => readBackup(path).andThen((file) => openBackup(file, passphrase));

describe("a backup file", () => {
  it("STO-16: holds the store, opens with its passphrase only, and shows nothing without it", async () => {
    (await write(PASSPHRASE))._unsafeUnwrap();
    const text = await readFile(path, "utf8");
    expect(text).not.toMatch(/work|refresh/);
    expect((await open(PASSPHRASE))._unsafeUnwrap()).toEqual(store);
    expect((await open())._unsafeUnwrapErr()).toEqual(
      failure("PASSPHRASE_NEEDED", "the backup is encrypted", {}),
    );
    const wrong = (await open("wrong horse"))._unsafeUnwrapErr();
    expect(wrong).toEqual(
      failure("PASSPHRASE_WRONG", "the passphrase does not open this backup, or it was altered", {}),
    );

    const json = JSON.parse(text);
    expect(json).toMatchObject({ version: 1, kdf: { name: "scrypt", N: 131_072, r: 8, p: 1 } });
    await writeFile(path, JSON.stringify({ ...json, createdAt: "2020-01-01T00:00:00.000Z" }));
    expect((await open(PASSPHRASE))._unsafeUnwrapErr().code).toBe("PASSPHRASE_WRONG");
    const other = json.data.startsWith("A") ? "B" : "A";
    await writeFile(path, JSON.stringify({ ...json, data: other + json.data.slice(1) }));
    expect((await open(PASSPHRASE))._unsafeUnwrapErr().code).toBe("PASSPHRASE_WRONG");
    await writeFile(
      path,
      JSON.stringify({ ...json, cipher: { ...json.cipher, tag: json.cipher.tag.slice(0, 8) } }),
    );
    expect((await open(PASSPHRASE))._unsafeUnwrapErr().code).toBe("BACKUP_DAMAGED");
    await writeFile(path, text.slice(0, text.length / 2));
    expect((await open(PASSPHRASE))._unsafeUnwrapErr().code).toBe("BACKUP_DAMAGED");
  });

  it("opens whichever way the letters of its passphrase are composed", async () => {
    await write("Müller's pass");
    expect((await open("Mu\u0308ller's pass")).isOk()).toBe(true);
  });

  it("STO-10: is 0600 under any umask, leaves no temporary file, and follows no link", async () => {
    const worker = startWorker();
    await worker.call("umask", { mask: 0 });
    expect(await worker.call("backup", { path })).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await namesIn(folder)).toEqual(["a.backup.json"]);
    await symlink(path, `${path}.link`);
    const linked = await writeBackup({ path: `${path}.link`, store, passphrase: undefined, clock, random });
    expect(linked._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_PATH_UNSAFE",
      details: { problem: "symlink" },
    });
  });

  it("STO-16: with a single broken account it is refused as a whole, with the path of the field", async () => {
    const broken = { ...testAccount("home"), expiresAt: "soon" };
    await write(undefined, withAccount(store, broken as never));
    expect((await open())._unsafeUnwrapErr()).toEqual(
      failure("BACKUP_INVALID", "the backup holds no valid store: accounts.home.expiresAt must be a number", {
        path: "accounts.home.expiresAt",
        constraint: "must be a number",
      }),
    );
  });

  it.each<[string, unknown, string, string]>([
    ["a text", "store", "", "must be a JSON object"],
    ["another object", { hello: "world" }, "", "must be a store of version 2"],
    ["an earlier store", { version: 2, accounts: [] }, "", "must be a store of version 2"],
    ["a store with a broken part", { ...store, rotation: 7 }, "rotation", "must be an object"],
    [
      "a store without accounts",
      { ...store, accounts: 7 },
      "accounts",
      "must be an object of accounts by alias",
    ],
  ])("holding %s is refused with what it must be", async (_, inside, field, constraint) => {
    await write(undefined, inside as never);
    const message = `the backup holds no valid store: ${field || "it"} ${constraint}`;
    expect((await open())._unsafeUnwrapErr()).toEqual(
      failure("BACKUP_INVALID", message, { path: field, constraint }),
    );
  });

  it("of a newer version is refused", async () => {
    await write(undefined, { ...store, version: 3 } as never);
    expect((await open())._unsafeUnwrapErr()).toEqual(
      failure("BACKUP_UNSUPPORTED", "the backup has version 3, newer than this program", { version: 3 }),
    );
  });

  it("says when it was made, and is not read at all where it is larger than any", async () => {
    const made = { now: () => epochMs(Date.UTC(2026, 10, 21, 12)) };
    (await writeBackup({ path, store, passphrase: undefined, clock: made, random }))._unsafeUnwrap();
    expect((await readBackup(path))._unsafeUnwrap()).toEqual({
      kind: "plain",
      createdAt: "2026-11-21T12:00:00.000Z",
      store,
    });
    await truncate(path, 64 * 2 ** 20 + 1);
    expect((await open())._unsafeUnwrapErr()).toEqual(
      failure("BACKUP_DAMAGED", "the backup is damaged: it is larger than any backup", {
        constraint: "it is larger than any backup",
      }),
    );
  });

  it("can be opened without this program: by scrypt and AES-256-GCM as it says", async () => {
    (await write(PASSPHRASE))._unsafeUnwrap();
    const { kdf, cipher, data, createdAt } = JSON.parse(await readFile(path, "utf8"));
    const { N, r, p, salt } = kdf;
    const key = await new Promise<Buffer>((resolve, reject) => {
      const bytes = Buffer.from(salt, "base64");
      scrypt(PASSPHRASE, bytes, 32, { N, r, p, maxmem: 2 ** 28 }, (error, made) =>
        error ? reject(error) : resolve(made),
      );
    });
    const opening = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.iv, "base64"));
    const head = ["open-multi-auth-backup", 1, createdAt, "scrypt", N, r, p, salt, "aes-256-gcm"];
    opening.setAAD(Buffer.from(JSON.stringify(head)));
    opening.setAuthTag(Buffer.from(cipher.tag, "base64"));
    const text = Buffer.concat([opening.update(Buffer.from(data, "base64")), opening.final()]);
    expect(JSON.parse(text.toString())).toEqual(store);
  });

  it("names what the system refuses", async () => {
    const unreadable = (await open())._unsafeUnwrapErr();
    expect(unreadable).toEqual(failure("BACKUP_UNREADABLE", unreadable.message, { path, errno: "ENOENT" }));
    expect(unreadable.message).toMatch(`cannot read ${path}: ENOENT`);
    path = join(folder, "missing", "a.json");
    expect((await write(undefined))._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_UNWRITABLE",
      details: { errno: "ENOENT" },
    });
  });

  it("is the same in Bun", async () => {
    await write(PASSPHRASE);
    const script = join(folder, "open.ts");
    const source = new URL("../src/node/index.ts", import.meta.url).pathname;
    await writeFile(
      script,
      `import { openBackup, readBackup } from ${JSON.stringify(source)};
       const file = (await readBackup(${JSON.stringify(path)}))._unsafeUnwrap();
       const opened = await openBackup(file, ${JSON.stringify(PASSPHRASE)});
       const wrong = await openBackup(file, "wrong horse");
       console.log(JSON.stringify([opened._unsafeUnwrap(), wrong._unsafeUnwrapErr().code]));`,
    );
    const args = ["--conditions=@open-multi-auth/source", script];
    const { stdout } = await promisify(execFile)(bunBinary(), args);
    expect(JSON.parse(stdout)).toEqual([store, "PASSPHRASE_WRONG"]);
  });
});
