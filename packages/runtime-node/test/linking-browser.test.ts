import { createServer, request as httpRequest, type Server } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  alias,
  authorizeQuery,
  callbackOf,
  createLinkingRig,
  signIn,
  type LinkingRig,
} from "./linking-rig.ts";

let rig: LinkingRig;
const held: Server[] = [];

beforeEach(async () => {
  rig = await createLinkingRig([{ alias: "work" }, { alias: "home" }]);
});
afterEach(async () => {
  for (const server of held.splice(0)) await new Promise((resolve) => server.close(resolve));
  await rig[Symbol.asyncDispose]();
});

describe("linking in a browser", () => {
  it("AUT-01: security 48: links the account that the person signs in with, with PKCE and a state, and lets go of the port", async () => {
    const link = await rig.start({ alias: alias("mine") });
    const query = authorizeQuery(link);
    expect(query.get("code_challenge_method")).toBe("S256");
    expect(query.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect(query.get("state")?.length).toBeGreaterThanOrEqual(32);
    expect(query.get("redirect_uri")).toBe(`http://localhost:${rig.ports[0]}/auth/callback`);
    expect(link.prompt).toMatchObject({ port: rig.ports[0], passedOver: [] });
    expect(link.state()).toEqual({ phase: "waiting" });

    const page = await signIn(link, "work");
    expect(page.status).toBe(200);
    expect(await link.settled).toEqual({
      phase: "done",
      report: {
        alias: "mine",
        email: "work@example.test",
        planType: "plus",
        outcome: "added",
        workspaces: [],
      },
    });
    const { accessToken, refreshToken, idToken, expiresAt } = rig.sim.tokensOf("work");
    expect(rig.account("mine")).toMatchObject({
      accessToken,
      refreshToken,
      idToken,
      expiresAt,
      source: "browser",
      userId: "user-SIM0001",
      accountId: "00000000-0000-4000-8000-000000000001",
      enabled: true,
    });
    // The simulator redeems a code only with the verifier of its challenge.
    const exchange = rig.sim.log().find(({ endpoint }) => endpoint === "token");
    expect(exchange).toMatchObject({ status: 200, body: { grant_type: "authorization_code" } });
    await link.closed;
    expect(await accepts(rig.ports[0]!)).toBe(false);
  });

  it("AUT-01: takes the next allowed port where the first is held, and leaves its holder in peace", async () => {
    const seen: string[] = [];
    await hold("127.0.0.1", rig.ports[0]!, seen);
    const link = await rig.start();
    expect(link.prompt).toMatchObject({ port: rig.ports[1], passedOver: [rig.ports[0]] });
    expect(authorizeQuery(link).get("redirect_uri")).toBe(`http://localhost:${rig.ports[1]}/auth/callback`);
    await signIn(link, "work");
    expect(await link.settled).toMatchObject({ phase: "done", report: { alias: "work" } });
    expect(seen).toEqual([]);
  });

  it("AUT-01: passes over a port that another program holds for IPv6 alone: it would get the code", async () => {
    await hold("::1", rig.ports[0]!);
    const link = await rig.start();
    expect(link.prompt).toMatchObject({ port: rig.ports[1] });
    expect(await accepts(rig.ports[0]!)).toBe(false);
    link.cancel();
    await link.closed;
  });

  it("AUT-01: says so when no port is free, before anybody signs in", async () => {
    for (const port of rig.ports) await hold("127.0.0.1", port);
    const started = await rig.linking.start({ method: "browser", alias: alias("mine") });
    expect(started._unsafeUnwrapErr()).toMatchObject({
      code: "REDIRECT_PORTS_TAKEN",
      details: { ports: rig.ports },
    });
    expect(rig.sim.log()).toEqual([]);
  });

  it("listens on loopback alone, of either family", async () => {
    const link = await rig.start();
    const { networkInterfaces } = await import("node:os");
    const outer = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === "IPv4");
    expect(await accepts(rig.ports[0]!, "127.0.0.1")).toBe(true);
    expect(await accepts(rig.ports[0]!, "::1")).toBe(true);
    // A machine without any other address has nothing to be reached at.
    expect(outer !== undefined && (await accepts(rig.ports[0]!, outer.address))).toBe(false);
    link.cancel();
    await link.closed;
  });

  it("AUT-10: security 48: refuses a callback with a wrong or missing state, and goes on waiting for the right one", async () => {
    const link = await rig.start({ alias: alias("mine") });
    const good = await callbackOf(link, "work");
    for (const change of [
      (url: URL) => url.searchParams.set("state", "x".repeat(43)),
      (url: URL) => url.searchParams.delete("state"),
      (url: URL) => url.searchParams.append("state", "second"),
      (url: URL) => url.searchParams.delete("code"),
      (url: URL) => url.searchParams.set("code", "with space"),
      (url: URL) => url.searchParams.append("code", "second"),
      (url: URL) => (url.search = ""),
    ]) {
      const bad = new URL(good);
      change(bad);
      const page = await fetch(bad);
      expect([page.status, await page.text()]).toEqual([400, expect.stringContaining("Nothing changed")]);
      expect(link.state()).toEqual({ phase: "waiting" });
    }
    expect(rig.sim.log().filter(({ endpoint }) => endpoint === "token")).toEqual([]);
    expect((await fetch(good)).status).toBe(200);
    expect(await link.settled).toMatchObject({ phase: "done" });
  });

  it("AUT-10: security 48: refuses a replay: a code is exchanged once, however often its callback comes", async () => {
    rig.sim.script("work", [{ kind: "ok", delayMs: 100 }], "token");
    const link = await rig.start({ alias: alias("mine") });
    const callback = await callbackOf(link, "work");
    const pages = await Promise.all([fetch(callback), fetch(callback), fetch(callback)]);
    expect(pages.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const replayed = pages.find(({ status }) => status === 409);
    expect(await replayed?.text()).toContain("Already used");
    expect(rig.sim.log().filter(({ endpoint }) => endpoint === "token")).toHaveLength(1);
    expect(await link.settled).toMatchObject({ phase: "done" });
  });

  it("AUT-10: security 48: ends with an error of the server, and the page says what to do", async () => {
    const link = await rig.start({ alias: alias("mine") });
    const page = await signIn(link, "");
    expect(page.status).toBe(403);
    expect(await page.text()).toContain("Go back to where you started and sign in again.");
    expect(await link.settled).toMatchObject({
      phase: "failed",
      failure: { code: "SIGN_IN_DENIED", details: { error: "access_denied" } },
    });
    expect(rig.pool.store.state().accounts).toEqual({});
  });

  it("AUT-10: security 48: refuses what is no callback of a browser on this machine: names, methods, sizes, slow heads", async () => {
    const link = await rig.start();
    const port = rig.ports[0]!;
    const at = (path: string) => `http://127.0.0.1:${port}${path}`;
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      "localhost",
      "",
    ])
      expect([host, await statusWithHost(port, host)]).toEqual([host, 403]);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect(await statusWithHost(port, host)).toBe(404);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
      expect((await fetch(at("/auth/callback?code=a"), { method })).status).toBe(405);
    for (const path of [
      "/",
      "/cancel",
      "/auth",
      "/auth/callback/",
      "/auth/callback/../x",
      "/%61uth/callback",
    ])
      expect([path, (await fetch(at(path))).status]).toEqual([path, 404]);
    expect((await fetch(at(`/auth/callback?code=${"x".repeat(9_000)}`))).status).toBe(414);
    expect((await fetch(at(`/auth/callback?code=${"x".repeat(20_000)}`))).status).toBe(431);
    const body = await fetch(at("/auth/callback"), { method: "POST", body: "x".repeat(5_000_000) }).catch(
      () => null,
    );
    expect(body === null || body.status === 405).toBe(true);
    expect(await ended(port, "GET /auth/callback HTTP/1.1\r\nHost: localhost")).toBe(true);
    expect(link.state()).toEqual({ phase: "waiting" });
    link.cancel();
    await link.closed;
  });

  it("AUT-08: the browser ends at an address and a page without code, state or token, that nothing may frame or load", async () => {
    const link = await rig.start({ alias: alias("mine") });
    const callback = await callbackOf(link, "work");
    const redirect = await fetch(callback, { redirect: "manual" });
    expect(redirect.status).toBe(303);
    expect(redirect.headers.get("location")).toBe("/auth/linked");
    const page = await fetch(new URL("/auth/linked", callback));
    const html = await page.text();
    const { accessToken, refreshToken, idToken } = rig.sim.tokensOf("work");
    const { code, state } = Object.fromEntries(callback.searchParams);
    const everything = html + JSON.stringify([...page.headers]) + JSON.stringify([...redirect.headers]);
    for (const secret of [code, state, accessToken, refreshToken, idToken, "work@example.test"]) {
      expect(secret).toBeTruthy();
      expect(everything).not.toContain(secret);
    }
    expect(html).not.toMatch(/<script|https?:|@import|url\(/);
    for (const answer of [redirect, page]) {
      expect(answer.headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/=]+'; .*frame-ancestors 'none'$/,
      );
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    }
  });

  it("takes the address that a browser elsewhere ended at, pasted in whatever form; a wrong one changes nothing", async () => {
    const link = await rig.start({ alias: alias("mine") });
    const { href, search } = await callbackOf(link, "work");
    for (const [text, code] of [
      ["", "CALLBACK_INVALID"],
      ["hello", "CALLBACK_INVALID"],
      [href.replace(/state=[^&]*/, "state=other"), "CALLBACK_STATE_MISMATCH"],
      [href.replace(/code=[^&]*&/, ""), "CALLBACK_INVALID"],
    ] as const)
      expect(link.paste(text)._unsafeUnwrapErr().code).toBe(code);
    expect(link.state()).toEqual({ phase: "waiting" });
    const broken = ` "${href.slice(0, 80)}\n  ${href.slice(80)}" \r\n`;
    expect(search.length).toBeGreaterThan(80);
    expect(link.paste(broken).isOk()).toBe(true);
    expect(link.paste(href)._unsafeUnwrapErr().code).toBe("LINK_NOT_WAITING");
    expect(await link.settled).toMatchObject({ phase: "done", report: { alias: "mine" } });
    await link.closed;
  });

  it("is cancelled, and gives up by itself after ten minutes; both free the port and change nothing", async () => {
    const cancelled = await rig.start({ alias: alias("mine") });
    const late = await callbackOf(cancelled, "work");
    cancelled.cancel();
    expect(await cancelled.settled).toEqual({ phase: "cancelled" });
    await cancelled.closed;
    await expect(fetch(late)).rejects.toThrow("fetch failed");
    const forgotten = await rig.start({ alias: alias("mine") });
    expect(forgotten.expiresAt - rig.time.now()).toBe(600_000);
    rig.time.pass(599_000);
    expect(forgotten.state()).toEqual({ phase: "waiting" });
    rig.time.pass(1_000);
    expect(await forgotten.settled).toMatchObject({ phase: "failed", failure: { code: "LINK_TIMEOUT" } });
    await forgotten.closed;
    expect(rig.pool.store.state().accounts).toEqual({});
    expect(rig.linking.find(forgotten.id)).toBe(forgotten);
  });

  it.each([
    [{ kind: "server-error" }, "TOKEN_ENDPOINT_UNREACHABLE"],
    [{ kind: "reset" }, "TOKEN_ENDPOINT_UNREACHABLE"],
    [{ kind: "garbage" }, "TOKEN_RESPONSE_INVALID"],
    [{ kind: "html" }, "TOKEN_ENDPOINT_UNREACHABLE"],
    [{ kind: "redirect", location: "http://127.0.0.1:9/steal" }, "TOKEN_RESPONSE_INVALID"],
    [{ kind: "status", status: 200, body: {} }, "TOKEN_RESPONSE_INVALID"],
    [{ kind: "status", status: 200, body: [] }, "TOKEN_RESPONSE_INVALID"],
    [
      { kind: "status", status: 200, body: { access_token: "a", refresh_token: 5 } },
      "TOKEN_RESPONSE_INVALID",
    ],
    [{ kind: "status", status: 400, body: { error: "invalid_grant" } }, "CODE_REJECTED"],
    [
      { kind: "status", status: 401, body: { error: { code: "invalid_grant", message: "x" } } },
      "CODE_REJECTED",
    ],
    [{ kind: "status", status: 403, body: "no" }, "TOKEN_RESPONSE_INVALID"],
  ] as const)("AUT-06: links nothing from the answer %j", async (step, code) => {
    rig.sim.script("work", [step], "token");
    const link = await rig.start({ alias: alias("mine") });
    const page = await signIn(link, "work");
    expect(page.status).toBe(502);
    expect(await link.settled).toMatchObject({ phase: "failed", failure: { code } });
    expect(rig.pool.store.state().accounts).toEqual({});
  });

  it("AUT-04: keeps a refresh token whatever else the answer lacks or has wrong", async () => {
    const wrong = { token_type: 7, expires_in: "NaN", id_token: { no: 1 }, access_token: "spaces in it" };
    const body = { refresh_token: "rt_kept_0001", ...wrong };
    rig.sim.script("work", [{ kind: "status", status: 200, body }], "token");
    const link = await rig.start({ alias: alias("mine") });
    await signIn(link, "work");
    expect(await link.settled).toMatchObject({ phase: "done" });
    // To be refreshed before its first use.
    expect(rig.account("mine")).toMatchObject({
      refreshToken: "rt_kept_0001",
      accessToken: "",
      expiresAt: 0,
    });
  });
});

/** Another program on the port. */
async function hold(host: string, port: number, seen: string[] = []): Promise<void> {
  const server = createServer((req, res) => {
    seen.push(String(req.url));
    res.end();
  });
  held.push(server);
  await new Promise<void>((resolve) => void server.listen({ host, port, ipv6Only: host === "::1" }, resolve));
}

function accepts(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

function statusWithHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/", headers: { host }, setHost: false };
    httpRequest(options, (answer) => (answer.resume(), resolve(answer.statusCode)))
      .once("error", reject)
      .end();
  });
}

/** Whether the server ends a connection that never completes its head. */
function ended(port: number, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.once("close", () => resolve(true)).resume();
    socket.on("error", () => {});
  });
}
