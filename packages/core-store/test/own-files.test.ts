import { createServer } from "node:net";
import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { readOwnFile, removeOwnFile, writeOwnFile } from "../src/node/index.ts";
import { clock, namesIn, random, temporaryFolder } from "./support.ts";
import { intercept } from "./torture/steps.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, "a file");
});

const write = (text: string) => writeOwnFile(path, text, { clock, random });
const unsafe = (what: string, problem: string, fix: string) =>
  failure("STORE_PATH_UNSAFE", `${path} ${what}`, { path, problem, fix });

/** The system answers so to whoever opens the file. */
const refuseOpening = async (code: string): Promise<void> =>
  onTestFinished(
    await intercept(folder, async ({ name }, run) => {
      if (name === "open") throw Object.assign(new Error(`${code}: said the system`), { code });
      return run();
    }),
  );

describe("a file of one's own", () => {
  it("is nothing, then what was written last, then nothing", async () => {
    expect((await readOwnFile(path))._unsafeUnwrap()).toBeUndefined();
    (await write("first"))._unsafeUnwrap();
    (await write("größer"))._unsafeUnwrap();
    expect((await readOwnFile(path))._unsafeUnwrap()).toBe("größer");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    (await write(""))._unsafeUnwrap();
    expect((await readOwnFile(path))._unsafeUnwrap()).toBe("");
    expect(await namesIn(folder)).toEqual(["a file"]);
    (await removeOwnFile(path))._unsafeUnwrap();
    (await removeOwnFile(path))._unsafeUnwrap();
    expect(await namesIn(folder)).toEqual([]);
  });

  it("STO-10: is narrowed when it is read, but loses no bit that it has not to lose", async () => {
    await writeFile(path, "secret");
    for (const mode of [0o644, 0o660, 0o601]) {
      await chmod(path, mode);
      expect((await readOwnFile(path))._unsafeUnwrap()).toBe("secret");
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
    await chmod(path, 0o400);
    expect((await readOwnFile(path))._unsafeUnwrap()).toBe("secret");
    expect((await stat(path)).mode & 0o777).toBe(0o400);
  });

  it("STO-10: is no link", async () => {
    const elsewhere = join(folder, "elsewhere");
    await writeFile(elsewhere, "theirs");
    await symlink(elsewhere, path);
    const refused = unsafe("is a symbolic link", "symlink", `replace the link ${path} by the real thing`);
    expect((await readOwnFile(path))._unsafeUnwrapErr()).toEqual(refused);
    expect((await write("ours"))._unsafeUnwrapErr()).toEqual(refused);
    expect(await readFile(elsewhere, "utf8")).toBe("theirs");
  });

  it.each([
    ["a folder", () => mkdir(path)],
    ["a socket", () => listenAt(path)],
  ])("STO-10: is not %s", async (_, make) => {
    await make();
    const refused = unsafe("is not a regular file", "not-a-file", `move ${path} away`);
    expect((await readOwnFile(path))._unsafeUnwrapErr()).toEqual(refused);
    expect((await write("ours"))._unsafeUnwrapErr()).toEqual(refused);
    expect(await namesIn(folder)).toEqual(["a file"]);
  });

  it.each([
    ["EMLINK", "symlink"],
    ["ENXIO", "not-a-file"],
  ])("STO-10: %s to an opening means %s", async (code, problem) => {
    await refuseOpening(code);
    expect((await readOwnFile(path))._unsafeUnwrapErr()).toMatchObject({ details: { path, problem } });
  });

  it("names what the system refuses", async () => {
    path = join(folder, "missing", "a file");
    expect((await write("ours"))._unsafeUnwrapErr()).toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringMatching(/^cannot write .*: ENOENT: /),
      details: { errno: "ENOENT" },
    });
    await refuseOpening("EPERM");
    path = join(folder, "a file");
    expect((await readOwnFile(path))._unsafeUnwrapErr()).toEqual(
      failure("STORE_UNREADABLE", `cannot read ${path}: EPERM: said the system`, { path, errno: "EPERM" }),
    );
  });
});

async function listenAt(socket: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
}
