import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { UpstreamSim } from "../src/index.ts";
import { startSim } from "./harness.ts";

const CLIENT = "app_EMoamEEZ73f0CkXaXp7hrann";
const REDIRECT = "http://localhost:1455/auth/callback";
const VERIFIER = randomBytes(32).toString("base64url");
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

describe("GET /oauth/authorize", () => {
  it("offers the accounts on a page, and sends the chosen one back with a code and the state", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }, { alias: "home" }] });
    const page = await (await fetch(authorizeUrl(sim))).text();
    expect(page).toContain("work@example.test");
    expect(page).toContain("home@example.test");
    const callback = await signIn(sim, "work");
    expect(callback.origin + callback.pathname).toBe(REDIRECT);
    expect(callback.searchParams.get("state")).toBe("a-state-of-16-chars-at-least");
    const before = sim.tokensOf("work");
    const granted = await redeem(sim, codeOf(callback));
    expect(granted.status).toBe(200);
    const tokens = (await granted.json()) as Record<string, unknown>;
    expect(tokens["refresh_token"]).toBe(sim.tokensOf("work").refreshToken);
    expect(tokens["refresh_token"]).not.toBe(before.refreshToken);
  });

  it("sends a refusal back as an error", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const callback = await signIn(sim, "");
    expect(callback.searchParams.get("error")).toBe("access_denied");
    expect(callback.searchParams.has("code")).toBe(false);
  });

  it("offers only the accounts of the workspace that is asked for", async () => {
    const sim = await startSim({
      accounts: [
        { alias: "work", userId: "u", accountId: "w-1" },
        { alias: "own", userId: "u", accountId: "w-2" },
      ],
    });
    const page = await (await fetch(`${authorizeUrl(sim)}&allowed_workspace_id=w-2`)).text();
    expect(page).toContain("own@example.test");
    expect(page).not.toContain("work@example.test");
  });

  it.each(["response_type", "client_id", "redirect_uri", "code_challenge", "code_challenge_method", "state"])(
    "does not start without a good %s",
    async (name) => {
      const sim = await startSim({ accounts: [{ alias: "work" }] });
      const url = new URL(authorizeUrl(sim));
      url.searchParams.set(name, "wrong");
      const answer = await fetch(url);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(name);
    },
  );
});

describe("the code grant", () => {
  it("takes a code once", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const code = codeOf(await signIn(sim, "work"));
    expect((await redeem(sim, code)).status).toBe(200);
    const replayed = await redeem(sim, code);
    expect(replayed.status).toBe(400);
    expect(await replayed.json()).toMatchObject({ error: "invalid_grant" });
  });

  it("refuses a wrong verifier, another redirect_uri and another client, and the code is gone", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    for (const wrong of [
      { code_verifier: "x".repeat(43) },
      { redirect_uri: "http://localhost:1457/auth/callback" },
      { client_id: "app_other" },
    ]) {
      const code = codeOf(await signIn(sim, "work"));
      expect((await redeem(sim, code, wrong)).status).toBe(400);
      expect((await redeem(sim, code)).status).toBe(400);
    }
  });

  it("refuses a code that is older than ten minutes", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const code = codeOf(await signIn(sim, "work"));
    sim.advance(10 * 60_000);
    expect((await redeem(sim, code)).status).toBe(400);
  });

  it("plays the account's script", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    sim.script("work", [{ kind: "server-error" }], "token");
    expect((await redeem(sim, codeOf(await signIn(sim, "work")))).status).toBe(500);
  });
});

describe("the device flow", () => {
  it("is pending until the code was entered, then gives a code and its verifier, once", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const device = await startDevice(sim);
    expect(device["interval"]).toBe("5");
    expect(await poll(sim, device)).toMatchObject([
      403,
      { error: { code: "deviceauth_authorization_pending" } },
    ]);
    await fetch(`${sim.issuerUrl}/codex/device?user_code=${String(device["user_code"])}&sim_account=work`);
    sim.advance(5_000);
    const [status, body] = await poll(sim, device);
    expect(status).toBe(200);
    const { authorization_code: code, code_verifier } = body as Record<string, string>;
    const redirect_uri = `${sim.issuerUrl}/deviceauth/callback`;
    expect((await redeem(sim, String(code), { code_verifier, redirect_uri })).status).toBe(200);
    sim.advance(5_000);
    expect((await poll(sim, device))[0]).toBe(404);
  });

  it("asks who polls too often to slow down, for good", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const device = await startDevice(sim);
    await poll(sim, device);
    sim.advance(4_000);
    expect(await poll(sim, device)).toMatchObject([429, { error: { code: "slow_down" } }]);
    sim.advance(9_000);
    expect((await poll(sim, device))[0]).toBe(429);
    sim.advance(15_000);
    expect((await poll(sim, device))[0]).toBe(403);
  });

  it("ends a code after fifteen minutes, and tells of a refusal", async () => {
    const sim = await startSim({ accounts: [{ alias: "work" }] });
    const denied = await startDevice(sim);
    await fetch(`${sim.issuerUrl}/codex/device?user_code=${String(denied["user_code"])}&sim_account=`);
    expect(await poll(sim, denied)).toMatchObject([403, { error: { code: "access_denied" } }]);
    const device = await startDevice(sim);
    sim.advance(15 * 60_000);
    expect(await poll(sim, device)).toMatchObject([
      403,
      { error: { code: "deviceauth_authorization_expired" } },
    ]);
  });
});

describe("GET /wham/accounts/check", () => {
  it("lists every workspace of the person whose token it is", async () => {
    const sim = await startSim({
      accounts: [
        { alias: "own", userId: "u", accountId: "w-1" },
        { alias: "team", userId: "u", accountId: "w-2", planType: "team" },
        { alias: "other" },
      ],
    });
    const answer = await fetch(`${sim.backendUrl}/wham/accounts/check`, {
      headers: { authorization: `Bearer ${sim.tokensOf("team").accessToken}` },
    });
    expect(await answer.json()).toMatchObject({
      accounts: [
        { id: "w-1", name: "own", structure: "personal" },
        { id: "w-2", name: "team", structure: "workspace" },
      ],
      account_ordering: ["w-1", "w-2"],
    });
  });
});

function authorizeUrl(sim: UpstreamSim): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT,
    redirect_uri: REDIRECT,
    scope: "openid profile email offline_access",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    state: "a-state-of-16-chars-at-least",
  });
  return `${sim.issuerUrl}/oauth/authorize?${query.toString()}`;
}

async function signIn(sim: UpstreamSim, alias: string): Promise<URL> {
  const answer = await fetch(`${authorizeUrl(sim)}&sim_account=${alias}`, { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}

const codeOf = (callback: URL): string => callback.searchParams.get("code") ?? "";

function redeem(
  sim: UpstreamSim,
  code: string,
  over: Record<string, string | undefined> = {},
): Promise<Response> {
  const form = { grant_type: "authorization_code", client_id: CLIENT, code, redirect_uri: REDIRECT };
  const body = new URLSearchParams({ ...form, code_verifier: VERIFIER, ...over } as Record<string, string>);
  return fetch(`${sim.issuerUrl}/oauth/token`, { method: "POST", body });
}

async function startDevice(sim: UpstreamSim): Promise<Record<string, unknown>> {
  return (await (await post(sim, "usercode", { client_id: CLIENT })).json()) as Record<string, unknown>;
}

async function poll(sim: UpstreamSim, device: Record<string, unknown>): Promise<[number, unknown]> {
  const { device_auth_id, user_code } = device;
  const answer = await post(sim, "token", { device_auth_id, user_code });
  return [answer.status, await answer.json()];
}

function post(sim: UpstreamSim, what: string, body: unknown): Promise<Response> {
  return fetch(`${sim.issuerUrl}/api/accounts/deviceauth/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
