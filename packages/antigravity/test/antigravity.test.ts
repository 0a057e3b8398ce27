import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { epochMs } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createAntigravity, type Antigravity, type Run } from "../src/index.ts";

const SERVER = fileURLToPath(new URL("language-server.ts", import.meta.url));
const FILE = { version: 4, accounts: [{ refreshToken: "1//canary", projectId: "p" }, {}], activeIndex: 0 };

let home: string;
let file: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "oma-antigravity-"));
  onTestFinished(() => rm(home, { recursive: true }));
  file = join(home, ".config", "opencode", "antigravity-accounts.json");
  await mkdir(join(home, ".config", "opencode"), { recursive: true });
});

describe("createAntigravity", () => {
  it("ISO-03: shows accounts of the file and quotas of the running language server, and changes neither", async () => {
    await writeFile(file, JSON.stringify(FILE), { mode: 0o644 });
    const before = await stat(file);
    await languageServer();
    const view = await opened().read();
    expect(view).toMatchObject({
      file: "read",
      accounts: [
        { number: 1, inUse: true, signedIn: true },
        { number: 2, inUse: false, signedIn: false },
      ],
      server: "answers",
      quotas: {
        credits: { available: 7, monthly: 100 },
        models: [{ label: "Claude Sonnet 4.5", remaining: 18, resetAt: "2099-01-01T00:00:00.000Z" }],
      },
    });
    expect(JSON.stringify(view)).not.toContain("canary");
    const after = await stat(file);
    expect([after.mtimeMs, after.ctimeMs, after.mode]).toEqual([before.mtimeMs, before.ctimeMs, before.mode]);
    expect(await readFile(file, "utf8")).toBe(JSON.stringify(FILE));
  });

  it("ISO-03: asks a server without TLS as well", async () => {
    await languageServer("--without-tls");
    expect(await opened().read()).toMatchObject({ file: "missing", accounts: [], server: "answers" });
  });

  it("ISO-03: says so where the file is not what it should be, and waits for no pipe in its place", async () => {
    await writeFile(file, "{");
    expect(await opened().read()).toMatchObject({ file: "invalid", accounts: [] });
    await rm(file);
    await mkdir(file);
    expect(await opened().read()).toMatchObject({ file: "unreadable", accounts: [] });
    await rm(file, { recursive: true });
    execFileSync("/bin/sh", ["-c", 'mkfifo "$0"', file]);
    expect(await opened().read()).toMatchObject({ file: "unreadable" });
  });

  it("ISO-03: says that nothing runs, or that what runs does not tell, without its programs too", async () => {
    expect(await listing(() => Promise.resolve(undefined))).toMatchObject({
      server: "not-running",
      quotas: null,
    });
    const listed = "7 /opt/antigravity/language_server_linux_x64 --csrf_token aa\n";
    expect(await listing(() => Promise.resolve(listed))).toMatchObject({ server: "silent", quotas: null });
  });

  it("ISO-03: looks once for all who ask within a few seconds", async () => {
    let now = epochMs(1_000);
    let looks = 0;
    const run = (command: string) => Promise.resolve(command === "ps" ? String((looks += 1)) : undefined);
    const antigravity = createAntigravity({ env: {}, home, clock: { now: () => now }, run, uid: 1 });
    await Promise.all([antigravity.read(), antigravity.read()]);
    now = epochMs(5_000);
    await antigravity.read();
    expect(looks).toBe(1);
    now = epochMs(7_000);
    await antigravity.read();
    expect(looks).toBe(2);
  });
});

const listing = (run: Run) =>
  createAntigravity({ env: {}, home, clock: { now: () => epochMs(1) }, run, uid: 1 }).read();

const opened = (): Antigravity =>
  createAntigravity({ env: { PATH: process.env["PATH"] }, home, clock: { now: () => epochMs(Date.now()) } });

/** A process that looks like Antigravity's language server from outside. */
async function languageServer(...more: string[]): Promise<void> {
  const args = [SERVER, "--csrf_token", "tok-1", "--app_data_dir", "antigravity", ...more];
  const child = spawn(process.execPath, ["--conditions=@open-multi-auth/source", ...args], {
    argv0: "/opt/antigravity/language_server_linux_x64",
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.stdin.end();
    await closed;
  });
  await once(child.stdout, "data");
}
