import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildProgram, createSandbox, type Sandbox } from "./sandbox.ts";

const FOLDER = ".local/share/open-multi-auth";
const ACCOUNTS = ".config/opencode/antigravity-accounts.json";
let program: Awaited<ReturnType<typeof buildProgram>>;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());

describe("oma dashboard and Antigravity", () => {
  it("ISO-02: off, none of its code is loaded, no file of it looked for, no program started, nothing noted; on, all of that", async () => {
    const box = await createSandbox(program.program);
    onTestFinished(() => box.remove());
    await box.oma("list");
    await box.write(ACCOUNTS, { accounts: [{ refreshToken: "1//x" }], activeIndex: 0 });
    const store = await box.read(`${FOLDER}/store.json`);

    const server = await dashboard(box);
    expect(await server.status("/api/antigravity/status")).toBe(404);
    expect(await server.status("/api/state")).toBe(200);
    expect(await touched(server)).toEqual({ code: false, file: false, programs: false });
    expect(await box.read(`${FOLDER}/store.json`)).toBe(store);
    expect([box.has(`${FOLDER}/audit.jsonl`), box.has(`${FOLDER}/activity/incidents.jsonl`)]).toEqual([
      false,
      false,
    ]);

    expect(await server.status("/api/settings/feature-flags", { antigravityEnabled: true })).toBe(200);
    expect(await touched(server)).toEqual({ code: false, file: false, programs: false });
    expect(await server.status("/api/antigravity/status")).toBe(200);
    expect(await touched(server)).toEqual({ code: true, file: true, programs: true });
  });
});

interface Server {
  status(path: string, put?: object): Promise<number>;
  /** Everything that its process has touched by now. */
  touches(): Promise<readonly string[]>;
}

async function dashboard(box: Sandbox): Promise<Server> {
  const log = box.path("touches.log");
  const spy = fileURLToPath(new URL("touches.mjs", import.meta.url));
  const args = ["--import", spy, program.program, "dashboard", "--no-open", "--json", "--port", "0"];
  const child = spawn(process.execPath, args, {
    env: { ...box.env, OMA_TOUCHES: log },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await closed;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { url }: { url: string } = JSON.parse((await lines.next()).value ?? "");
  const token = (await box.read(`${FOLDER}/server.token`)).trim();
  return {
    async status(path, put) {
      const answer = await fetch(new URL(path, url), {
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(put && { method: "PUT", body: JSON.stringify(put) }),
      });
      await answer.text();
      return answer.status;
    },
    touches: async () => (await readFile(log, "utf8")).split("\n"),
  };
}

/** What of Antigravity a server has loaded, looked for and started. */
async function touched(server: Server): Promise<{ code: boolean; file: boolean; programs: boolean }> {
  const touches = await server.touches();
  const modules = touches.flatMap((line) => (line.startsWith("module file:") ? line.slice(7) : []));
  const sources = await Promise.all(modules.map((url) => readFile(fileURLToPath(url), "utf8")));
  expect(sources.length).toBeGreaterThan(3);
  return {
    code: sources.some((source) => source.includes("LanguageServerService")),
    file: touches.some((line) => line.startsWith("file ") && line.includes("antigravity")),
    programs: touches.some((line) => /^program (?:ps|lsof|pgrep)$/.test(line)),
  };
}
