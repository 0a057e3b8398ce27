import { chmod, chown, lstat, mkdir, readFile, stat, symlink } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { FOLDER, startDashboard } from "./dashboard-process.ts";
import { buildProgram, codexAuth, createSandbox, type Sandbox } from "./sandbox.ts";

let program: Awaited<ReturnType<typeof buildProgram>>;
let box: Sandbox;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  box = await createSandbox(program.program);
  // Nothing of these tests asks the real upstream.
  box.env["OPENCODE_MULTI_AUTH_UPSTREAM_URL"] = "http://127.0.0.1:9/backend-api";
  box.env["OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL"] = "http://127.0.0.1:9";
});
afterEach(() => box.remove());

const start = (...args: string[]) => startDashboard(box, program.program, args.length === 0 ? {} : { args });

describe("oma dashboard", () => {
  it("SRV-01: serves, begins a session by the address that it prints, and takes its files away at the end", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    const dashboard = await start();
    const state = await dashboard.call("GET /api/state");
    expect(state).toMatchObject({
      value: { accounts: [{ alias: "ann" }], store: { state: "ok" }, server: { pid: dashboard.child.pid } },
    });
    const code = new URL(dashboard.launchUrl).hash.replace("#launch=", "");
    const session = await fetch(`${dashboard.url}api/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-open-multi-auth": "1" },
      body: JSON.stringify({ code }),
    });
    expect(session.headers.get("set-cookie")).toContain(`oma_session_${dashboard.port}=`);
    expect(await dashboard.end()).toBe(0);
    expect([box.has(`${FOLDER}/server.json`), box.has(`${FOLDER}/server.token`)]).toEqual([false, false]);
    expect(dashboard.stderr()).toBe("");
  });

  it.each(["0.0.0.0", "::", "192.168.1.7", "example.com", "127.0.0.1.example.com", ""])(
    "SRV-01: refuses to listen at %j, and says why, before anything is listened to",
    async (host) => {
      const refused = await box.oma("dashboard", "--no-open", "--host", host);
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toMatch(/^error HOST_NOT_LOOPBACK: .*others could reach.*\nfix: .*ssh -L/);
      expect(box.has(`${FOLDER}/server.json`)).toBe(false);
    },
  );

  it("SRV-01: security 45: listens on loopback and nowhere else", async () => {
    await using dashboard = await start();
    const port = dashboard.port.toString(16).toUpperCase().padStart(4, "0");
    const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
    const listening = tables
      .join("\n")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = "", , state]) => state === "0A" && local.endsWith(`:${port}`))
      .map(([, local]) => local);
    expect(listening).toEqual([`0100007F:${port}`]);
  });

  it("security 46: takes the next free port where another program has it, says so, and sends it nothing", async () => {
    const { port, seen } = await occupied();
    await using dashboard = await start("--port", String(port));
    expect(dashboard.port).toBeGreaterThan(port);
    expect(dashboard.passedOver).toContain(port);
    await expect.poll(dashboard.stderr).toContain(`held by another program: port ${port}`);
    expect(seen).toEqual([]);
  });

  it("finds the one that runs, and gives another address for it", async () => {
    await using first = await start();
    const second = await box.oma("web", "--json");
    expect(second.code).toBe(0);
    const said = JSON.parse(second.stdout);
    expect(said).toMatchObject({ url: first.url, pid: first.child.pid, isRunning: true });
    expect(said.launchUrl).not.toBe(first.launchUrl);
    const words = await box.oma("dashboard", "--no-open");
    expect(words.stdout).toContain(`runs already, at ${first.url}#launch=`);
  });

  it("of two that start at once, one finds the other", async () => {
    const both = await Promise.all([start(), start()]);
    expect(new Set(both.map(({ isRunning }) => isRunning))).toEqual(new Set([false, true]));
    expect(new Set(both.map(({ url }) => url)).size).toBe(1);
    await Promise.all(both.map((one) => one.end()));
  });

  it("security 22, security 40: what a killed one left is no server, and its token opens nothing of the next", async () => {
    const killed = await start();
    await killed.end("SIGKILL");
    expect(box.has(`${FOLDER}/server.json`)).toBe(true);
    await using next = await start("--port", String(killed.port));
    expect([next.isRunning, next.port]).toEqual([false, killed.port]);
    const old = await fetch(`${next.url}api/state`, { headers: { authorization: `Bearer ${killed.token}` } });
    expect(old.status).toBe(401);
  });

  it("one that is suspended keeps its place: a second says whose it is, and finds it once it goes on", async () => {
    await using first = await start();
    const files = await box.read(`${FOLDER}/server.json`);
    first.child.kill("SIGSTOP");
    const second = await box
      .oma("dashboard", "--json", "--port", "0")
      .finally(() => first.child.kill("SIGCONT"));
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining("SERVER_SILENT")]);
    expect(second.stderr).toContain(`end process ${first.child.pid}`);
    expect(await box.read(`${FOLDER}/server.json`)).toBe(files);
    await using third = await start();
    expect([third.isRunning, third.port]).toEqual([true, first.port]);
  });

  it("a program that took the port of a former one gets neither token nor page", async () => {
    const { port, seen } = await occupied();
    await box.oma("list");
    const said = { pid: process.pid, authority: `127.0.0.1:${port}`, version: "1", startedAt: "" };
    await box.write(`${FOLDER}/server.json`, said);
    await box.write(`${FOLDER}/server.token`, "canary-token-of-before\n");
    await using dashboard = await start();
    expect(dashboard.isRunning).toBe(false);
    expect(seen.map(({ url }) => url)).toEqual([expect.stringMatching(/^\/api\/health\?nonce=/)]);
    expect(JSON.stringify(seen)).not.toContain("canary");
  });
});

describe("the server's files", () => {
  it("security 31: are 0600 in a 0700 folder under any umask", async () => {
    const dashboard = await startDashboard(box, program.program, { umask: "000" });
    const modes = await Promise.all(
      ["", "server.json", "server.token", "store.json"].map(async (name) =>
        ((await stat(box.path(FOLDER, name))).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(["700", "600", "600", "600"]);
    await dashboard.end();
  });

  it("security 32: wider modes of what is there are narrowed", async () => {
    await box.write(`${FOLDER}/server.token`, "old");
    await chmod(box.path(FOLDER, "server.token"), 0o644);
    await chmod(box.path(FOLDER), 0o755);
    const dashboard = await start();
    expect((await stat(box.path(FOLDER, "server.token"))).mode & 0o777).toBe(0o600);
    expect((await stat(box.path(FOLDER))).mode & 0o777).toBe(0o700);
    await dashboard.end();
  });

  it.each(["server.token", "server.json", "server.lock", "store.json"])(
    "security 33: a link in the place of %s is refused, and what it leads to stays as it is",
    async (name) => {
      await box.write("elsewhere", "untouched");
      await mkdir(box.path(FOLDER), { recursive: true, mode: 0o700 });
      await symlink(box.path("elsewhere"), box.path(FOLDER, name));
      const refused = await box.oma("dashboard", "--no-open", "--port", "0");
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toMatch(/^error STORE_PATH_UNSAFE: .*symbolic link.*\nfix: /);
      expect(await box.read("elsewhere")).toBe("untouched");
    },
  );

  it("security 33: a link in the place of the folder is refused", async () => {
    await mkdir(box.path("elsewhere"));
    await mkdir(box.path(".local/share"), { recursive: true });
    await symlink(box.path("elsewhere"), box.path(FOLDER));
    const refused = await box.oma("dashboard", "--no-open", "--port", "0");
    expect(refused.stderr).toMatch(/^error STORE_PATH_UNSAFE: /);
    expect((await lstat(box.path(FOLDER))).isSymbolicLink()).toBe(true);
  });

  it("security 34: what belongs to another user is refused", async () => {
    // Only root can give a file away.
    if (process.getuid?.() !== 0) return;
    await box.write(`${FOLDER}/server.token`, "theirs");
    await chown(box.path(FOLDER, "server.token"), 65_534, 65_534);
    const refused = await box.oma("dashboard", "--no-open", "--port", "0");
    expect(refused.stderr).toMatch(/^error STORE_PATH_UNSAFE: .*another user/);
    expect(await box.read(`${FOLDER}/server.token`)).toBe("theirs");
  });

  it("security 35: a FIFO or a folder in the place of a file is refused, and nothing waits for it", async () => {
    await mkdir(box.path(FOLDER), { recursive: true, mode: 0o700 });
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", box.path(FOLDER, "server.json")]);
    const fifo = await box.oma("dashboard", "--no-open", "--port", "0");
    expect(fifo.stderr).toMatch(/^error STORE_PATH_UNSAFE: .*not a regular file/);
    execFileSync("rm", [box.path(FOLDER, "server.json")]);
    await mkdir(box.path(FOLDER, "server.json"));
    const folder = await box.oma("dashboard", "--no-open", "--port", "0");
    expect(folder.stderr).toMatch(/^error STORE_PATH_UNSAFE: .*not a regular file/);
  });
});

describe("secrets of a running server", () => {
  it("SRV-06: security 41: are in no line, no file but their own, and not in what others see of the process", async () => {
    await box.write(".codex/auth.json", codexAuth("ann"));
    await box.oma("import");
    await using dashboard = await start();
    await dashboard.call("POST /api/tokens/refresh");
    await dashboard.call("GET /api/doctor");
    const code = dashboard.launchUrl.split("=")[1] ?? "?";
    const { tokens } = codexAuth("ann");
    const secrets = [dashboard.token, code, tokens.access_token, tokens.refresh_token, tokens.id_token];
    const seen = await Promise.all([
      readFile(`/proc/${dashboard.child.pid}/cmdline`, "utf8"),
      readFile(`/proc/${dashboard.child.pid}/environ`, "utf8"),
      box.read(`${FOLDER}/server.json`),
    ]);
    for (const secret of secrets) expect(seen.join("\n") + dashboard.stderr()).not.toContain(secret);
    const holding = execFileSync("grep", ["-rlFe", dashboard.token, box.home], { encoding: "utf8" });
    expect(holding.trim().split("\n")).toEqual([box.path(FOLDER, "server.token")]);
  });
});

/** Another program at a port, and what it was sent. */
async function occupied(): Promise<{ port: number; seen: { url?: string; headers: object }[] }> {
  const seen: { url?: string; headers: object }[] = [];
  const server: Server = createServer((request, response) => {
    seen.push({ ...(request.url !== undefined && { url: request.url }), headers: request.headers });
    response.setHeader("content-type", "application/json");
    response.end('{"status":"ok","version":"1","store":"ok","proof":"guess"}');
  });
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  return { seen, port: typeof address === "object" && address !== null ? address.port : 0 };
}
