import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectUpstreamSim } from "../src/index.ts";
import { prompt, refresh, startSim } from "./harness.ts";

describe("connectUpstreamSim", () => {
  it("moves accounts, quotas, scripts, gates and the clock from outside", async () => {
    const sim = await startSim();
    const remote = connectUpstreamSim(sim.controlUrl);
    const added = await remote.addAccount({ alias: "work", planType: "pro" });
    expect(added).toMatchObject({ planType: "pro", email: "work@example.test" });
    expect(added.tokens).toEqual(sim.tokensOf("work"));

    await remote.drain("work", "fiveHour");
    expect((await remote.accounts())[0]?.quota[0]?.usedPercent).toBe(100);
    expect((await prompt(sim, "work")).status).toBe(429);
    const before = await remote.now();
    expect(await remote.advance(5 * 3_600_000 + 1000)).toBeGreaterThanOrEqual(before + 5 * 3_600_000 + 1000);
    expect((await prompt(sim, "work")).status).toBe(200);

    await remote.script("work", [{ kind: "gated-stream", gate: "a/b" }]);
    const gated = await prompt(sim, "work");
    await remote.releaseGate("a/b");
    expect(await gated.text()).toContain("response.completed");

    await remote.script("work", [{ kind: "refresh-expired" }], "token");
    expect((await refresh(sim, added.tokens.refreshToken)).status).toBe(401);
    await remote.expireAccessToken("work");
    expect((await prompt(sim, "work")).status).toBe(401);
    await refresh(sim, added.tokens.refreshToken);
    expect((await remote.tokensOf("work")).accessToken).not.toBe(added.tokens.accessToken);
    expect((await prompt(sim, "work")).status).toBe(200);
  });

  it("waits for requests that match, and says what it saw when they do not come", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }, { alias: "home" }] });
    const remote = connectUpstreamSim(sim.controlUrl);
    const seen = remote.waitForLog({ alias: "home", status: 200, outcome: "done", atLeast: 2 });
    for (const alias of ["home", "work", "home"]) await (await prompt(sim, alias)).text();
    expect((await seen).map((entry) => entry.seq)).toEqual([1, 3]);

    await expect(remote.waitForLog({ status: 500 }, 1)).rejects.toThrow(
      "home /backend-api/codex/responses 200",
    );
    await remote.clearLog();
    expect(await remote.log()).toEqual([]);
  });

  it("says what was wrong", async () => {
    const sim = await startSim();
    const remote = connectUpstreamSim(sim.controlUrl);
    await expect(remote.tokensOf("nobody")).rejects.toThrow("no account nobody");
    await expect(remote.advance(Number.NaN)).rejects.toThrow("the clock only moves on");
    const response = await fetch(`${sim.controlUrl}/nothing`);
    expect(response.status).toBe(400);
  });
});

describe("request log", () => {
  it("shows who asked for what, and how it ended", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    await (await prompt(sim, "work", { text: "hello" })).text();
    const [entry] = await sim.waitForLog((entries) => entries[0]?.outcome === "done");
    expect(entry).toMatchObject({
      seq: 1,
      endpoint: "responses",
      method: "POST",
      path: "/backend-api/codex/responses",
      alias: "work",
      accessToken: sim.tokensOf("work").accessToken,
      accessTokenFingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
      sessionId: "ses_1",
      model: "gpt-5.5",
      headers: { "content-type": "application/json" },
      body: { input: [{ content: [{ text: "hello" }] }] },
      behaviour: null,
      status: 200,
      grant: null,
    });
    expect(entry?.bodyBytes).toBeGreaterThan(100);
  });

  it("neither reads bodies nor keeps headers in light mode", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }], logMode: "light" });
    expect(await (await prompt(sim, "work", { text: "secret text" })).text()).not.toContain("secret text");
    const [entry] = sim.log();
    expect(entry).toMatchObject({ alias: "work", headers: null, body: null, model: null, status: 200 });
    expect(entry?.bodyBytes).toBeGreaterThan(100);
  });
});

describe("main", () => {
  const main = new URL("../src/main.ts", import.meta.url).pathname;

  async function startMain(args: readonly string[]) {
    const child = spawn(process.execPath, ["--conditions=@open-multi-auth/source", main, ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return { child, urls: JSON.parse(line) as { controlUrl: string; pid: number } };
  }

  it("prints its addresses and ends when its standard input closes", async () => {
    const options = JSON.stringify({ accounts: [{ alias: "work", planType: "pro" }] });
    const { child, urls } = await startMain(["--stdin", "--options", options]);
    expect(urls.pid).toBe(child.pid);
    const remote = connectUpstreamSim(urls.controlUrl);
    expect((await remote.accounts())[0]).toMatchObject({ alias: "work", planType: "pro" });
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("ends on SIGTERM", async () => {
    const { child } = await startMain(["--accounts", "work,home"]);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
