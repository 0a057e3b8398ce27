import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { createOpenCodeHome, serveOpenCode, type OpenCodeHome, type OpenCodeServer } from "../src/index.ts";

const pluginPath = fileURLToPath(new URL("./fixtures/echo-plugin.js", import.meta.url));
const serveUntilKilled = fileURLToPath(new URL("./fixtures/serve-until-killed.ts", import.meta.url));

describe("serveOpenCode", () => {
  let home: OpenCodeHome;
  let server: OpenCodeServer;
  beforeAll(async () => {
    home = await createOpenCodeHome({ pluginPath });
    server = (await serveOpenCode(home))._unsafeUnwrap();
  });
  afterAll(async () => {
    await server.close();
    await home.dispose();
  });

  it("holds a conversation over HTTP", async () => {
    const first = await server.prompt("one");
    expect(first.text).toBe("1: one");
    expect(await server.prompt("two", first.sessionId)).toEqual({
      sessionId: first.sessionId,
      text: "2: two",
    });
    expect((await server.prompt("refuse")).error).toBe("Nobody is there.");
  });

  it("aborts a prompt nobody answers", async () => {
    const sessionId = await server.createSession();
    const hanging = server.prompt("hang", sessionId);
    await vi.waitUntil(() => existsSync(join(home.folders.temp, "hanging")), { timeout: 20_000 });
    await server.abort(sessionId);
    expect((await hanging).error).toMatch(/abort/iu);
  });

  it("ends when it is closed", async () => {
    expect(isRunning(server.pid)).toBe(true);
    await server.close();
    expect(isRunning(server.pid)).toBe(false);
  });
});

describe("a killed test run", () => {
  it("takes its OpenCode with it", async () => {
    const args = ["--conditions=@open-multi-auth/source", serveUntilKilled];
    const run = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(run.stdout, "data")) as [Buffer];
    const { pid, home } = JSON.parse(line.toString()) as { pid: number; home: string };
    expect(isRunning(pid)).toBe(true);
    run.kill("SIGKILL");
    await vi.waitUntil(() => !isRunning(pid), { timeout: 20_000 });
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
