import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCodex, startCodex, type Run } from "../src/index.ts";
import { createGatewayRig, type GatewayRig } from "./gateway-rig.ts";

const TWO = [{ alias: "work" }, { alias: "home" }];
const FOUR = ["work", "home", "club", "lab"].map((alias) => ({ alias }));

describe("the real Codex CLI through oma gateway", () => {
  it("GWY-02: one command configures it, another puts it back; between them exec and resume are answered by the pool", async () => {
    await using rig = await createGatewayRig(TWO);
    const file = join(rig.codex.codexHome, "config.toml");
    const before = await readFile(file, "utf8");
    const dry = await rig.oma("install", "codex", "--port", String(rig.port), "--dry-run");
    expect([dry.exitCode, dry.stderr]).toEqual([0, ""]);
    expect(dry.stdout).toContain('+ model_provider = "open-multi-auth" # oma install codex');
    expect(dry.stdout).not.toContain("oma_");
    expect(await readFile(file, "utf8")).toBe(before);

    await install(rig);
    const first = await exec(rig, "say hello");
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("work answered: say hello") });
    const { thread_id: thread } = events(first).find(({ type }) => type === "thread.started") ?? {};
    const second = await runCodex(rig.codex, [
      "exec",
      "--json",
      "--skip-git-repo-check",
      "resume",
      String(thread),
      "and again",
    ]);
    expect(second).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("work answered: and again"),
    });
    expect((await exec(rig, "somebody else")).stdout).toContain("home answered: somebody else");
    // Its own words reach the upstream unchanged, with the account's token in place of the gateway's key.
    const [request] = rig.rig.requests();
    expect(request).toMatchObject({
      model: "gpt-5.5",
      accessToken: rig.rig.sim.tokensOf("work").accessToken,
    });
    expect(request?.headers).toMatchObject({ originator: "codex_exec", "session-id": thread });
    expect(JSON.stringify(rig.rig.sim.log())).not.toContain("oma_");

    // What it writes into its file itself meanwhile stays.
    await runCodex(rig.codex, ["mcp", "add", "own", "--", "true"]);
    const removed = await rig.oma("uninstall", "codex");
    expect([removed.exitCode, removed.stdout]).toEqual([0, expect.stringContaining("revoked its key codex")]);
    const after = await readFile(file, "utf8");
    expect(after).toContain('\n[mcp_servers.own]\ncommand = "true"\n');
    await runCodex(rig.codex, ["mcp", "remove", "own"]);
    expect(await readFile(file, "utf8")).toBe(before);
  });

  it("GWY-02: CON-19: a limit in the middle of a session that changes files is not seen: the work goes on with another account", async () => {
    await using rig = await createGatewayRig(TWO);
    await install(rig);
    rig.rig.sim.script("work", [writes("first.txt"), { kind: "usage-limit" }]);
    // The first time it is refused, for what only the other account can read.
    rig.rig.sim.script("home", [{ ...writes("second.txt"), times: 2 }]);
    const run = await exec(rig, "write two files", "--dangerously-bypass-approvals-and-sandbox");
    expect([run.exitCode, run.stdout]).toEqual([
      0,
      expect.stringContaining("home answered: write two files"),
    ]);
    expect(await readdir(rig.codex.work)).toEqual(["first.txt", "second.txt"]);
    expect(events(run).filter(({ type }) => type === "error" || type === "turn.failed")).toEqual([]);
    const answered = rig.rig.requests().filter(({ status }) => status !== 400);
    expect(answered.map(({ alias, status }) => [alias, status])).toEqual([
      ["work", 200],
      ["work", 429],
      ["home", 200],
      ["home", 200],
    ]);
  });

  it("GWY-04: says how long, and ends at once, where every account is at its limit", async () => {
    await using rig = await createGatewayRig(TWO);
    await install(rig);
    for (const { alias } of TWO) rig.rig.sim.drain(alias, "fiveHour");
    const run = await exec(rig, "say hello");
    expect([run.exitCode, run.stdout]).toEqual([
      1,
      expect.stringContaining("You’ve hit your usage limit. Try again at"),
    ]);
    expect(rig.rig.requests()).toHaveLength(2);
  });

  it("GWY-06: a run that is interrupted closes the upstream's connection", async () => {
    await using rig = await createGatewayRig([{ alias: "work" }]);
    await install(rig);
    rig.rig.sim.script("work", [{ kind: "gated-stream", gate: "half" }]);
    const codex = startCodex(rig.codex, ["exec", "--json", "--skip-git-repo-check", "say hello"]);
    await rig.rig.sim.waitForLog((log) =>
      log.some(({ endpoint, status }) => endpoint === "responses" && status === 200),
    );
    await codex.stop("SIGINT");
    await rig.rig.sim.waitForLog((log) => log.some(({ outcome }) => outcome === "aborted"));
    await expect.poll(() => rig.rig.decisions()).toMatchObject([{ outcome: "aborted" }]);
  });

  it("GWY-02: four at once are answered, by at least three of four accounts", async () => {
    await using rig = await createGatewayRig(FOUR);
    await install(rig);
    const runs = await Promise.all(FOUR.map(({ alias }) => exec(rig, `for ${alias}`)));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(new Set(rig.rig.requests().map(({ alias }) => alias)).size).toBeGreaterThanOrEqual(3);
  });
});

async function install(rig: GatewayRig): Promise<void> {
  const { exitCode, stdout, stderr } = await rig.oma("install", "codex", "--port", String(rig.port));
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("the Codex CLI uses your pool now")]);
  const { mode } = await stat(join(rig.codex.codexHome, "config.toml"));
  expect((mode & 0o077) !== 0).toBe(stderr.includes("chmod 600"));
}

const exec = (rig: GatewayRig, prompt: string, ...more: readonly string[]): Promise<Run> =>
  runCodex(rig.codex, ["exec", "--json", "--skip-git-repo-check", ...more, prompt]);

function events({ stdout }: Run): readonly Record<string, unknown>[] {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const writes = (name: string) =>
  ({ kind: "tool-call", name: "exec_command", arguments: { cmd: `echo written > ${name}` } }) as const;
