import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { openPool, webResponse, type Pool } from "../src/index.ts";
import { onDisk, writeAccount } from "./disk.ts";
import { createRig, prompt, type Rig } from "./rig.ts";

const CONDITIONS = "--conditions=@open-multi-auth/source";
const SCRIPT = fileURLToPath(new URL("other-process.ts", import.meta.url));

describe("a refreshed token that the disk does not take", () => {
  it("CON-15: AUT-04: serves from memory, counts as unsaved, and is written without being asked for", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.expireAccessToken("work");
    const allow = await refuseWrites(rig);
    expect((await rig.ask()).text).toContain("work answered");
    expect((await rig.pool.flush())._unsafeUnwrapErr().code).toBe("STORE_PATH_UNSAFE");
    expect(rig.problems.map(({ code }) => code)).toEqual(["STORE_PATH_UNSAFE"]);
    await allow();
    const { refreshToken } = rig.sim.tokensOf("work");
    await expect.poll(async () => (await onDisk(rig, "work")).refreshToken).toBe(refreshToken);
    expect((await rig.pool.flush()).isOk()).toBe(true);
  });

  it("AUT-04: is an error of the close that could not write it", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.expireAccessToken("work");
    await refuseWrites(rig);
    await rig.ask();
    expect((await rig.pool.close())._unsafeUnwrapErr().code).toBe("STORE_PATH_UNSAFE");
  });

  it("AUT-04: outlives another process that tries the old one meanwhile and finds it used up", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    await using other = await openAnother(rig);
    const othersServing = (await other.serve())._unsafeUnwrap();
    rig.sim.expireAccessToken("work");
    const allow = await refuseWrites(rig);
    await rig.ask();
    expect((await othersServing.handle(prompt()))._unsafeUnwrapErr()).toMatchObject({
      details: { reasons: { work: "expired-refresh-failed" } },
    });
    await allow();
    // The mark of the other goes first: the account is invalid on disk when the token comes.
    expect((await other.flush()).isOk()).toBe(true);
    expect((await rig.pool.flush()).isOk()).toBe(true);
    const { refreshToken } = rig.sim.tokensOf("work");
    expect(await onDisk(rig, "work")).toMatchObject({ refreshToken });
    expect(await onDisk(rig, "work")).not.toHaveProperty("authInvalid");
    await other.store.reload();
    const answer = (await othersServing.handle(prompt()))._unsafeUnwrap();
    expect(await webResponse(answer).text()).toContain("work answered");
    expect((await rig.ask()).text).toContain("work answered");
  });
});

describe("a full disk", () => {
  it("CON-15: does not keep an expired account from being refreshed and from answering", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.expireAccessToken("work");
    // No file may grow by a single byte.
    const shell = ["-c", 'ulimit -f 0; exec "$0" "$@"', process.execPath, CONDITIONS, SCRIPT, "ask-and-tell"];
    const { stdout } = await promisify(execFile)("/bin/sh", shell, { env: { ...process.env, ...rig.env } });
    const { text, problems } = JSON.parse(stdout);
    expect(text).toContain("work answered");
    expect(rig.sim.log().filter(({ endpoint }) => endpoint === "token")).toHaveLength(1);
    expect(new Set(problems)).toEqual(new Set(["STORE_UNWRITABLE", "LEASE_UNAVAILABLE"]));
  });
});

describe("a suspended process that holds the lock and a lease", () => {
  it("CON-15: AUT-04: keeps no request waiting; what was refreshed meanwhile repairs its account", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const { folder } = rig.pool.paths;
    const holder = await suspended(join(folder, "store.json.lock"), join(folder, "refresh-id-home.lock"));
    rig.sim.expireAccessToken("work");
    const texts = [await rig.ask(), await rig.ask()].map(({ text }) => text).join();
    expect(texts).toContain("work answered");
    expect(texts).toContain("home answered");
    // Nothing of this has waited until the store gave up to wait: that would be told.
    expect(rig.problems).toEqual([]);

    // Whoever has the lock writes: another process found the old refresh token used up.
    await writeAccount(rig, { ...(await onDisk(rig, "work")), authInvalid: true });
    await holder.resume();
    expect((await rig.pool.flush()).isOk()).toBe(true);
    const { refreshToken } = rig.sim.tokensOf("work");
    expect(await onDisk(rig, "work")).toMatchObject({ refreshToken });
    expect(await onDisk(rig, "work")).not.toHaveProperty("authInvalid");
  });
});

/** The pool as another process has it; closed before the rig is gone. */
async function openAnother({ env }: Rig): Promise<Pool & AsyncDisposable> {
  const pool = (await openPool({ env }))._unsafeUnwrap();
  return { ...pool, [Symbol.asyncDispose]: async () => void (await pool.close()) };
}

/** Where the snapshot should be, there is a folder: no write succeeds. */
async function refuseWrites({ pool }: Rig): Promise<() => Promise<void>> {
  const snapshot = `${pool.paths.storeFile}.lkg`;
  await rm(snapshot);
  await mkdir(snapshot);
  return () => rmdir(snapshot);
}

/** Another process that was stopped while it held these locks. */
async function suspended(...locks: readonly string[]): Promise<{ resume(): Promise<void> }> {
  const child = spawn(process.execPath, [CONDITIONS, SCRIPT, "hold", ...locks], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  child.kill("SIGSTOP");
  return {
    async resume() {
      child.kill("SIGCONT");
      child.stdin.end();
      await once(child, "exit");
    },
  };
}
