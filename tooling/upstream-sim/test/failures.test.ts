import { describe, expect, it } from "vitest";
import type { Step } from "../src/index.ts";
import { prompt, refresh, startSim } from "./harness.ts";

interface Case {
  readonly step: Step<"responses">;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | object;
}

const limit = { type: "usage_limit_reached", message: "The usage limit has been reached" };
const cases: readonly Case[] = [
  {
    step: { kind: "usage-limit" },
    status: 429,
    headers: { "x-codex-primary-used-percent": "100", "retry-after": "3600" },
    body: { error: { ...limit, plan_type: "plus", resets_in_seconds: 3600, eligible_promo: null } },
  },
  {
    step: { kind: "usage-limit", window: "weekly", resetsInSeconds: 90 },
    status: 429,
    headers: {
      "x-codex-secondary-used-percent": "100",
      "x-codex-rate-limit-reached-type": "rate_limit_reached",
    },
    body: { error: { ...limit, resets_in_seconds: 90 } },
  },
  { step: { kind: "usage-not-included" }, status: 429, body: { error: { type: "usage_not_included" } } },
  {
    step: { kind: "burst" },
    status: 429,
    headers: { "retry-after": "1" },
    body: {
      error: {
        type: "rate_limit_exceeded",
        code: "rate_limit_exceeded",
        message: "Rate limit reached. Please try again in 1.5s.",
      },
    },
  },
  { step: { kind: "burst", retryAfterSeconds: 7 }, status: 429, headers: { "retry-after": "7" }, body: {} },
  { step: { kind: "token-expired" }, status: 401, body: { error: { code: "token_expired" }, status: 401 } },
  {
    step: { kind: "deactivated-workspace" },
    status: 402,
    body: { detail: { code: "deactivated_workspace" } },
  },
  {
    step: { kind: "model-unsupported" },
    status: 400,
    body: { detail: "The 'gpt-5.5' model is not supported when using Codex with a ChatGPT account." },
  },
  {
    step: { kind: "effort-refused" },
    status: 400,
    body: { error: { param: "reasoning.effort", code: "unsupported_value" } },
  },
  {
    step: { kind: "overload" },
    status: 503,
    body: { error: { code: "server_is_overloaded", message: "overloaded" } },
  },
  { step: { kind: "server-error" }, status: 500, body: { error: {} } },
  { step: { kind: "status", status: 403 }, status: 403, body: { error: {} } },
  { step: { kind: "status", status: 408, body: { a: 1 } }, status: 408, body: { a: 1 } },
  { step: { kind: "garbage" }, status: 200, body: "%% this is not JSON %%" },
  {
    step: { kind: "html" },
    status: 502,
    headers: { "content-type": "text/html" },
    body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
  },
  {
    step: { kind: "redirect", location: "http://127.0.0.1:9/elsewhere" },
    status: 302,
    headers: { location: "http://127.0.0.1:9/elsewhere" },
    body: "",
  },
];

function parsed(text: string): unknown {
  return text.startsWith("{") ? JSON.parse(text) : text;
}

describe("scripted failures", () => {
  it.each(cases)("$step.kind answers $status, then the account serves again", async (expected) => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [expected.step]);
    const response = await prompt(sim, "work");
    expect(response.status).toBe(expected.status);
    expect(Object.fromEntries(response.headers)).toMatchObject(expected.headers ?? {});
    expect({ body: parsed(await response.text()) }).toMatchObject({ body: expected.body });

    expect((await prompt(sim, "work")).status).toBe(200);
    expect(sim.log().map((entry) => entry.behaviour)).toEqual([expected.step.kind, null]);
  });

  it("tells a bare limit by the body alone", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "usage-limit", bare: true }]);
    const response = await prompt(sim, "work");
    expect([...response.headers.keys()].filter((name) => /^x-codex|retry/.test(name))).toEqual([]);
    expect(await response.json()).toEqual({
      error: { ...limit, plan_type: "plus", resets_at: expect.any(Number), eligible_promo: null },
    });
  });

  it("resets the connection before the head", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "reset" }]);
    await expect(prompt(sim, "work")).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    const [entry] = await sim.waitForLog((entries) => entries[0]?.endedAt !== null);
    expect(entry).toMatchObject({ status: null, outcome: "cut" });
  });

  it("plays steps in turn, for their models only, and a standing one for good", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }, { alias: "home" }] });
    sim.script("work", [
      { kind: "model-unsupported", models: ["gpt-new"], times: "always" },
      { kind: "overload", times: 2 },
      { kind: "server-error" },
    ]);
    const statuses = [];
    for (const model of ["gpt-new", "gpt-5.5", "gpt-new", "gpt-5.5", "gpt-5.5", "gpt-5.5", "gpt-new"]) {
      statuses.push((await prompt(sim, "work", { model })).status);
    }
    expect(statuses).toEqual([400, 503, 400, 503, 500, 200, 400]);
    expect((await prompt(sim, "home", { model: "gpt-new" })).status).toBe(200);

    sim.script("work", []);
    expect((await prompt(sim, "work", { model: "gpt-new" })).status).toBe(200);
  });

  it("sets and leaves out headers", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [
      { kind: "ok", text: "as told", headers: { "x-added": "yes", "X-Codex-Plan-Type": null } },
    ]);
    const response = await prompt(sim, "work");
    expect(response.headers.get("x-added")).toBe("yes");
    expect(response.headers.get("x-codex-plan-type")).toBeNull();
    expect(await response.text()).toContain('"text":"as told"');
  });

  it("fails wham/usage by its own script", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "deactivated-workspace" }], "usage");
    const headers = { authorization: `Bearer ${sim.tokensOf("work").accessToken}` };
    const statusOfUsage = async (): Promise<number> =>
      (await fetch(`${sim.backendUrl}/wham/usage`, { headers })).status;
    expect((await prompt(sim, "work")).status).toBe(200);
    expect(await statusOfUsage()).toBe(402);
    expect(await statusOfUsage()).toBe(200);
  });

  it("uses a refresh token up on arrival, even when the answer is slow", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "ok", delayMs: 60_000 }], "token");
    const { refreshToken } = sim.tokensOf("work");
    const slow = refresh(sim, refreshToken).catch(() => null);
    await sim.waitForLog((entries) => entries[0]?.grant?.result === "granted");
    expect((await refresh(sim, refreshToken)).status).toBe(401);
    await sim.close();
    expect(await slow).toBeNull();
  });

  it("refuses a script it cannot play", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    expect(() => sim.script("nobody", [])).toThrow("no account nobody; there are: work");
    expect(() => sim.script("work", [{ kind: "ok", times: 0 }])).toThrow("times of");
  });
});
