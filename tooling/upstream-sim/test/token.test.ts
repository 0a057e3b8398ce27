import { describe, expect, it } from "vitest";
import { prompt, refresh, startSim } from "./harness.ts";

describe("POST /oauth/token", () => {
  it("rotates the refresh token and refuses the old one", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const before = sim.tokensOf("work");
    const granted = await refresh(sim, before.refreshToken);
    const after = sim.tokensOf("work");
    expect(granted.status).toBe(200);
    expect(await granted.json()).toEqual({
      id_token: after.idToken,
      access_token: after.accessToken,
      refresh_token: after.refreshToken,
      token_type: "Bearer",
      expires_in: 864_000,
    });
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect((await prompt(sim, "work")).status).toBe(200);

    const reused = await refresh(sim, before.refreshToken);
    expect(reused.status).toBe(401);
    expect(await reused.json()).toEqual({
      error: {
        message:
          "Your refresh token has already been used to generate a new access token. Please try signing in again.",
        type: "invalid_request_error",
        param: null,
        code: "refresh_token_reused",
      },
    });
    expect((await refresh(sim, after.refreshToken)).status).toBe(200);
    expect(sim.log().map((entry) => entry.grant?.result)).toEqual([
      "granted",
      undefined,
      "reused",
      "granted",
    ]);
  });

  it("grants one of several simultaneous refreshes", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const { refreshToken } = sim.tokensOf("work");
    const answers = await Promise.all([1, 2, 3].map(() => refresh(sim, refreshToken)));
    expect(answers.map((answer) => answer.ok).filter(Boolean)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(2);
  });

  it("ends the whole login on reuse when asked to", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }], revokeFamilyOnReuse: true });
    const { refreshToken } = sim.tokensOf("work");
    await refresh(sim, refreshToken);
    await refresh(sim, refreshToken);
    const refused = await refresh(sim, sim.tokensOf("work").refreshToken);
    expect(await refused.json()).toMatchObject({ error: { code: "refresh_token_invalidated" } });
  });

  it("takes a form, and leaves out what the account's answers omit", async () => {
    const sim = await startSim({
      accounts: [{ alias: "work", omitFromTokenAnswer: ["expires_in", "token_type", "id_token"] }],
    });
    const response = await fetch(`${sim.issuerUrl}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: sim.tokensOf("work").refreshToken,
      }),
    });
    expect(Object.keys((await response.json()) as object)).toEqual(["access_token", "refresh_token"]);
  });

  it("refuses what it never issued, and other grants", async () => {
    const sim = await startSim();
    const unknown = await refresh(sim, "rt_unknown");
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toEqual({
      error: "invalid_grant",
      error_description: "Invalid refresh token",
    });
    const other = await fetch(`${sim.issuerUrl}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "password" }),
    });
    expect(other.status).toBe(400);
  });

  it("plays scripted refusals without using the token up", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script(
      "work",
      [
        { kind: "refresh-revoked" },
        { kind: "refresh-expired" },
        { kind: "refresh-malformed" },
        { kind: "server-error", times: 2 },
      ],
      "token",
    );
    const { refreshToken } = sim.tokensOf("work");
    const statuses = [];
    for (let tries = 0; tries < 6; tries += 1) statuses.push((await refresh(sim, refreshToken)).status);
    expect(statuses).toEqual([401, 401, 400, 500, 500, 200]);
  });
});
