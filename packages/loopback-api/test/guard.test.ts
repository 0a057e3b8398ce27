import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { statusOf } from "../src/http/statuses.ts";
import { routes } from "../src/index.ts";
import { staticFiles } from "../src/node/index.ts";
import { rawRequest, serveBare, type Served } from "./served.ts";

const codeOf = async (answer: Response): Promise<unknown> => [
  answer.status,
  JSON.parse(await answer.text()).error.code,
];
const STATE = "GET /api/state HTTP/1.1";

describe("Host and Origin", () => {
  it.each([
    ["security 1", "evil.com"],
    ["security 2", "evil.com:PORT"],
    ["security 3", "127.0.0.1.evil.com:PORT"],
    ["security 5", "localhost.:PORT"],
    ["security 5", "[::1]:PORT"],
    ["security 5", "0.0.0.0:PORT"],
    ["security 5", "127.0.0.1:1"],
    ["security 4", ""],
    ["security 4", "127.0.0.1:PORT:PORT"],
    ["security 4", "<>"],
  ])("SRV-02: %s: refuses the host %s, whatever token comes with it", async (_number, name) => {
    await using served = await serveBare();
    const host = name.replaceAll("PORT", String(served.port));
    const auth = `Authorization: ${served.own["authorization"]}`;
    const answer = await served.raw(rawRequest(STATE, `Host: ${host}`, auth));
    expect(answer).toMatch(/^HTTP\/1.1 40[03] /);
    expect(answer).toContain("FORBIDDEN_HOST");
    expect(answer).not.toContain("accounts");
  });

  it("SRV-02: security 4: refuses a request without a host, or with two", async () => {
    await using served = await serveBare();
    const [own, auth] = [`Host: 127.0.0.1:${served.port}`, `Authorization: ${served.own["authorization"]}`];
    expect(await served.raw(rawRequest(STATE, auth))).toMatch(/^HTTP\/1.1 400 /);
    for (const both of [
      [own, own],
      [own, "Host: evil.com"],
      ["Host: evil.com", own],
    ]) {
      const answer = await served.raw(rawRequest(STATE, ...both, auth));
      expect(answer).toMatch(/^HTTP\/1.1 40[03] /);
      expect(answer).not.toContain("accounts");
    }
    expect(await served.raw(rawRequest(STATE, own, auth))).toMatch(/^HTTP\/1.1 200 /);
  });

  it("SRV-02: security 6: refuses an address with a host in it, another or its own", async () => {
    await using served = await serveBare();
    const [own, auth] = [`Host: 127.0.0.1:${served.port}`, `Authorization: ${served.own["authorization"]}`];
    for (const target of ["http://evil.com/api/state", `${served.origin}/api/state`]) {
      const answer = await served.raw(rawRequest(`GET ${target} HTTP/1.1`, own, auth));
      expect(answer).toMatch(/^HTTP\/1.1 403 /);
      expect(answer).toContain("FORBIDDEN_HOST");
    }
  });

  it("SRV-02: security 7: takes nobody's word for another host or peer", async () => {
    await using served = await serveBare();
    const forwarded = { "x-forwarded-host": `127.0.0.1:${served.port}`, "x-forwarded-for": "127.0.0.1" };
    const auth = `Authorization: ${served.own["authorization"]}`;
    const [name, value] = ["X-Forwarded-Host", forwarded["x-forwarded-host"]];
    const answer = await served.raw(rawRequest(STATE, "Host: evil.com", `${name}: ${value}`, auth));
    expect(answer).toContain("FORBIDDEN_HOST");
    expect(await codeOf(await served.fetch("/api/state", { headers: forwarded }))).toEqual([
      401,
      "TOKEN_REQUIRED",
    ]);
    const evil = await served.fetch("/api/state", {
      headers: { ...served.own, "x-forwarded-host": "evil.com" },
    });
    expect(evil.status).toBe(200);
  });

  it.each([
    "http://evil.com",
    "null",
    "http://127.0.0.1:1",
    "https://127.0.0.1:PORT",
    "http://localhost:PORT",
  ])("SRV-02: security 8: refuses the origin %s for reading and for changes", async (name) => {
    await using served = await serveBare();
    const origin = name.replace("PORT", String(served.port));
    const headers = { ...served.own, origin };
    for (const method of ["GET", "POST"]) {
      const answer = await served.fetch("/api/state", { method, headers });
      expect(await codeOf(answer)).toEqual([403, "FORBIDDEN_ORIGIN"]);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("SRV-02: security 9: a preflight is given no leave, from no origin", async () => {
    await using served = await serveBare();
    for (const origin of ["http://evil.com", served.origin]) {
      const answer = await served.fetch("/api/force", {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization",
        },
      });
      const leaves = [...answer.headers.keys()].filter((name) => name.startsWith("access-control"));
      expect([answer.ok, leaves]).toEqual([false, []]);
    }
  });
});

describe("CSRF", () => {
  it.each([
    ["security 10", "text/plain"],
    ["security 11", "application/x-www-form-urlencoded"],
    ["security 12", "multipart/form-data; boundary=x"],
    ["security 13", undefined],
  ])("SRV-02: %s: a change as %s is refused, cookie and token or not", async (_number, type) => {
    await using served = await serveBare();
    const cookie = (await served.cookie()).split(";")[0] ?? "";
    const body = new TextEncoder().encode('{"alias":"work"}');
    for (const auth of [
      { cookie, "x-open-multi-auth": "1" },
      { authorization: served.own["authorization"]! },
    ]) {
      const headers = { ...auth, ...(type !== undefined && { "content-type": type }) };
      const answer = await served.fetch("/api/force", { method: "POST", headers, body });
      expect(await codeOf(answer)).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    }
  });

  it("SRV-02: security 14: no header, field or parameter makes another method of one", async () => {
    await using served = await serveBare();
    const headers = { ...served.own, "x-http-method-override": "DELETE", "x-method-override": "DELETE" };
    const answer = await served.fetch("/api/accounts/work?_method=DELETE", {
      method: "POST",
      headers,
      body: JSON.stringify({ _method: "DELETE" }),
    });
    expect(await codeOf(answer)).toEqual([404, "ROUTE_NOT_FOUND"]);
    expect(served.bugs).toEqual([]);
  });

  it("SRV-02: security 16: a cookie alone changes nothing; with our header it does", async () => {
    await using served = await serveBare();
    const cookie = (await served.cookie()).split(";")[0] ?? "";
    const own = { cookie, origin: served.origin, "content-type": "application/json" };
    const end = (headers: Record<string, string>) =>
      served.fetch("/api/session", { method: "DELETE", headers });
    expect(await codeOf(await end(own))).toEqual([403, "FORBIDDEN_ORIGIN"]);
    expect((await served.fetch("/api/state", { headers: { cookie } })).status).toBe(200);
    expect((await end({ ...own, "x-open-multi-auth": "1" })).status).toBe(200);
    expect((await served.fetch("/api/state", { headers: { cookie } })).status).toBe(401);
  });

  it("SRV-02: what a browser says comes from another site is refused, reading too", async () => {
    await using served = await serveBare();
    for (const site of ["cross-site", "same-site"]) {
      const headers = { ...served.own, "sec-fetch-site": site };
      expect(await codeOf(await served.fetch("/api/state", { headers }))).toEqual([403, "FORBIDDEN_ORIGIN"]);
    }
  });
});

describe("authentication", () => {
  it("SRV-02: security 17: no token, a wrong one, a part of it, one too long: the very same answer", async () => {
    await using served = await serveBare();
    const token = served.api.sessions.token;
    const tries = [undefined, "x", token.slice(0, -1), token + "x", token.toLowerCase(), "x".repeat(8_000)];
    const answers = await Promise.all(
      tries.map(async (given) => {
        const headers = given === undefined ? {} : { authorization: `Bearer ${given}` };
        const answer = await served.fetch("/api/state", { headers });
        const named = [...answer.headers].filter(([name]) => name !== "date");
        return JSON.stringify([answer.status, named, await answer.text()]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain("TOKEN_REQUIRED");
  });

  it("SRV-02: security 18: secrets are compared in constant time, whatever their length", async () => {
    const compared: [string, string][] = [];
    const { nodeSecrets } = await import("../src/node/index.ts");
    const secrets = {
      ...nodeSecrets,
      same(one: string, other: string) {
        compared.push([one, other]);
        return nodeSecrets.same(one, other);
      },
    };
    await using served = await serveBare({ secrets });
    expect(nodeSecrets.same("a", "a")).toBe(true);
    expect(nodeSecrets.same("a", "aa")).toBe(false);
    await served.fetch("/api/state", { headers: { authorization: "Bearer guess" } });
    const cookie = (await served.cookie()).split(";")[0] ?? "";
    await served.fetch("/api/state", { headers: { cookie } });
    // The token, the launch code and the session all go that way.
    expect(compared).toContainEqual([served.api.sessions.token, "guess"]);
    expect(compared.length).toBe(3);
  });

  it("SRV-02: security 19: a token in the address opens nothing", async () => {
    await using served = await serveBare();
    const { token } = served.api.sessions;
    for (const name of ["token", "access_token", "authorization", "launch"]) {
      expect((await served.fetch(`/api/state?${name}=${token}`)).status).toBe(401);
    }
  });

  it("SRV-02: security 20: a launch code is good once, and for a minute", async () => {
    await using served = await serveBare();
    const begin = (code: string) =>
      served.fetch("/api/session", {
        method: "POST",
        headers: { "content-type": "application/json", "x-open-multi-auth": "1" },
        body: JSON.stringify({ code }),
      });
    const { code } = served.api.sessions.launchCode();
    expect((await begin(code)).status).toBe(200);
    expect(await codeOf(await begin(code))).toEqual([401, "LAUNCH_CODE_INVALID"]);
    const late = served.api.sessions.launchCode().code;
    served.pass(60_000);
    expect(await codeOf(await begin(late))).toEqual([401, "LAUNCH_CODE_INVALID"]);
    expect(await codeOf(await begin("guess"))).toEqual([401, "LAUNCH_CODE_INVALID"]);
    // A form of another page could not send the header.
    const fresh = served.api.sessions.launchCode().code;
    const form = await served.fetch("/api/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: fresh }),
    });
    expect(await codeOf(form)).toEqual([403, "FORBIDDEN_ORIGIN"]);
  });

  it("SRV-02: security 21: the cookie is for no script, no other site, and this port alone", async () => {
    await using served = await serveBare();
    expect(await served.cookie()).toMatch(
      new RegExp(`^oma_session_${served.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  it("SRV-02: security 22: token and sessions of one run open nothing of the next", async () => {
    await using first = await serveBare();
    const cookie = (await first.cookie()).split(";")[0] ?? "";
    await using second = await serveBare();
    const renamed = cookie.replace(String(first.port), String(second.port));
    expect((await second.fetch("/api/state", { headers: { cookie: renamed } })).status).toBe(401);
    expect((await second.fetch("/api/state", { headers: first.own })).status).toBe(401);
    const { code } = first.api.sessions.launchCode();
    expect(second.api.sessions.begin(code).isErr()).toBe(true);
  });

  it("proves to who knows the token that it knows it, at this port, without telling it", async () => {
    await using served = await serveBare();
    const nonce = "a-nonce-of-some-length";
    const proof = async (n: string) =>
      JSON.parse(await (await served.fetch(`/api/health?nonce=${n}`)).text()).proof;
    expect(await proof(nonce)).toBe(served.api.sessions.proof(nonce));
    expect(await proof(`${nonce}2`)).not.toBe(await proof(nonce));
    expect(await proof(nonce)).not.toContain(served.api.sessions.token);
  });

  it("a code that another user of this machine has read begins no session for them", async () => {
    // Only root can act as another user.
    if (process.getuid?.() !== 0) return;
    await using served = await serveBare();
    const { code } = served.api.sessions.launchCode();
    const body = JSON.stringify({ code });
    const request = [
      "POST /api/session HTTP/1.1",
      `Host: 127.0.0.1:${served.port}`,
      "Content-Type: application/json",
      "X-Open-Multi-Auth: 1",
      `Content-Length: ${body.length}`,
      "Connection: close",
    ];
    const script = `exec 3<>/dev/tcp/127.0.0.1/${served.port}; printf '%s\\r\\n' "$@" >&3; cat <&3`;
    const child = spawn("/bin/bash", ["-c", script, "bash", ...request, "", body], { uid: 65_534, cwd: "/" });
    let answer = "";
    child.stdout.on("data", (chunk) => (answer += String(chunk)));
    await once(child, "close");
    expect(answer).toContain("LAUNCH_CODE_INVALID");
    expect(served.api.sessions.begin(code).isOk()).toBe(true);
  });
});

describe("every answer", () => {
  it("SRV-02: security 28: brings the headers of security, a page, an error and nothing at all alike", async () => {
    const folder = await pageFolder();
    await using served = await serveBare({ file: staticFiles(folder) });
    for (const [path, headers] of [
      ["/", {}],
      ["/nowhere", {}],
      ["/api/nowhere", served.own],
      ["/api/state", {}],
      ["/api/state", served.own],
      ["/api/state", { origin: "http://evil.com" }],
    ] as const) {
      const answer = await served.fetch(path, { headers });
      await answer.text();
      const csp = answer.headers.get("content-security-policy") ?? "";
      expect([path, csp.includes("default-src 'self'"), csp.includes("frame-ancestors 'none'")]).toEqual([
        path,
        true,
        true,
      ]);
      expect(csp).not.toMatch(/unsafe-inline|unsafe-eval|https?:/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("x-frame-options")).toBe("DENY");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("SRV-02: security 30: no path leads out of the folder of the page", async () => {
    const folder = await pageFolder();
    await using served = await serveBare({ file: staticFiles(folder) });
    expect(await (await served.fetch("/")).text()).toBe("<p>page</p>");
    for (const path of [
      "/../secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e/secret.txt",
      "/..%5csecret.txt",
      "/assets/..%2f..%2fsecret.txt",
      "/index.html%00.js",
      "/index.html%2500",
      "//secret.txt",
      "/.%00./secret.txt",
    ]) {
      const line = `GET ${path} HTTP/1.1`;
      const answer = await served.raw(rawRequest(line, `Host: 127.0.0.1:${served.port}`));
      expect([path, answer.slice(0, 13)]).toEqual([path, expect.stringMatching(/^HTTP\/1.1 40[0-4] /)]);
      expect(answer).not.toContain("top secret");
    }
  });
});

describe("network", () => {
  it("SRV-03: security 47: slow heads, huge bodies and endless headers are bounded", async () => {
    await using served = await serveBare();
    const host = `Host: 127.0.0.1:${served.port}`;
    const many = Array.from({ length: 10_000 }, (_, index) => `X-${index}: y`);
    expect(await served.raw(rawRequest(STATE, host, ...many))).toMatch(/^HTTP\/1.1 431 /);
    const large = await served.raw(
      `${rawRequest("POST /api/force HTTP/1.1", host, `Authorization: ${served.own["authorization"]}`, "Content-Type: application/json", "Content-Length: 100000000").replace("\r\n\r\n", "")}\r\n\r\n{`,
    );
    expect(large).toMatch(/^HTTP\/1.1 413 /);
    const endless = await sendEndless(served);
    expect(endless.answer).toContain("PAYLOAD_TOO_LARGE");
    expect(endless.sent).toBeLessThan(80_000_000);
    expect((await served.fetch("/api/health")).status).toBe(200);
  });

  it("SRV-03: malformed JSON is 400, a body that is no object names what is wrong with it", async () => {
    await using served = await serveBare();
    const post = (body: string) => served.fetch("/api/force", { method: "POST", headers: served.own, body });
    expect(await codeOf(await post("{oops"))).toEqual([400, "INVALID_JSON"]);
    expect(await codeOf(await post("[]"))).toEqual([400, "VALIDATION_ERROR"]);
    // A route that has no use for a body takes no larger one either.
    const useless = { method: "POST", headers: served.own, body: `{"x":"${"x".repeat(1_000_001)}"}` };
    const refused = await served.fetch("/api/limits/stop", useless);
    expect(await codeOf(refused)).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    expect(await codeOf(await post(""))).toEqual([400, "VALIDATION_ERROR"]);
    expect(await codeOf(await post(`{"alias":"${"x".repeat(1_000_001)}"}`))).toEqual([
      413,
      "PAYLOAD_TOO_LARGE",
    ]);
  });

  it("SRV-03: a route that throws is a 500 in the usual form, and the server lives on", async () => {
    await using served = await serveBare();
    const answer = await served.fetch("/api/accounts", { headers: served.own });
    expect(answer.status).toBe(500);
    expect(JSON.parse(await answer.text())).toEqual({
      error: {
        code: "INTERNAL_ERROR",
        message: expect.not.stringContaining("kaput"),
        details: { fix: expect.any(String) },
      },
    });
    expect(served.bugs).toEqual(["kaput: accounts"]);
    expect((await served.fetch("/api/health")).status).toBe(200);
  });

  it.each(["/api/accounts/%zz", "/api/accounts/%00", "/api/links/%c0%af", "/api/state?limit=%zz", "/%zz"])(
    "SRV-03: an address that is not well-formed (%s) is no bug of ours",
    async (path) => {
      await using served = await serveBare({});
      const host = `Host: 127.0.0.1:${served.port}`;
      const auth = `Authorization: ${served.own["authorization"]}`;
      const answer = await served.raw(
        rawRequest(`DELETE ${path} HTTP/1.1`, host, auth, "Content-Type: application/json"),
      );
      expect(answer).toMatch(/^HTTP\/1.1 [45]0\d /);
      expect(served.bugs.filter((bug) => !bug.startsWith("kaput"))).toEqual([]);
    },
  );

  it("SRV-03: every failure that a route may answer with has a fitting status", () => {
    const codes = routes.flatMap(({ errors = [] }: { errors?: readonly string[] }) => errors);
    expect(codes.length).toBeGreaterThan(20);
    const unfit = codes.filter((code) => statusOf({ code, message: "", details: {} }) === 500);
    expect(unfit).toEqual([]);
  });
});

/** A page, and beside its folder what nobody may read. */
async function pageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oma-page-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "dist", "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "top secret");
  await writeFile(join(folder, "dist", "index.html"), "<p>page</p>");
  return join(folder, "dist");
}

/** A body without an end or a length. */
async function sendEndless({ port, own }: Served): Promise<{ sent: number; answer: string }> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  let sent = 0;
  socket.on("data", (chunk) => (answer += String(chunk)));
  socket.on("error", () => {});
  const closed = once(socket, "close").catch(() => undefined);
  socket.write(
    `POST /api/force HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${own["authorization"]}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  while (!socket.destroyed && !socket.closed && sent < 100_000_000) {
    sent += chunk.length;
    if (!socket.write(chunk)) await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
  }
  socket.destroy();
  return { sent, answer };
}
