import { execFile } from "node:child_process";
import { readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { emptyStore, type StoreV2 } from "@open-multi-auth/domain";
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
    expect((await open())._unsafeUnwrapErr().code).toBe("PASSPHRASE_NEEDED");
    const wrong = (await open("wrong horse"))._unsafeUnwrapErr();
    expect(wrong.code).toBe("PASSPHRASE_WRONG");
    expect(JSON.stringify(wrong)).not.toContain("horse");

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
    expect((await open())._unsafeUnwrapErr()).toMatchObject({
      code: "BACKUP_INVALID",
      details: { path: "accounts.home.expiresAt" },
    });
    await write(undefined, { ...store, version: 3 } as never);
    expect((await open())._unsafeUnwrapErr()).toMatchObject({
      code: "BACKUP_UNSUPPORTED",
      details: { version: 3 },
    });
  });

  it("names what the system refuses", async () => {
    expect((await open())._unsafeUnwrapErr()).toMatchObject({
      code: "BACKUP_UNREADABLE",
      details: { path, errno: "ENOENT" },
    });
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
