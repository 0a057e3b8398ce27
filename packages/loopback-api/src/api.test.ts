import { describe, expect, it } from "vitest";
import { createApi } from "./api.ts";
import type { ApiPorts } from "./ports.ts";
import { routes } from "./routes/index.ts";
import { nodeSecrets } from "./node/secrets.ts";
import { epochMs } from "@open-multi-auth/domain";

/** Routes that answer without a session, and why. */
const OPEN = [
  // Liveness, for anyone.
  "GET /api/health",
  // It is how a session begins.
  "POST /api/session",
];

describe("createApi", () => {
  it("SRV-02, security 23: every route asks for a session, save those on the list", async () => {
    const api = closedApi();
    expect(routes.filter((one) => "open" in one).map(({ method, path }) => `${method} ${path}`)).toEqual(
      OPEN,
    );
    for (const { method, path } of routes) {
      if (OPEN.includes(`${method} ${path}`)) continue;
      const answer = await api.fetch(request(method, path));
      expect([method, path, answer.status, await codeOf(answer)]).toEqual([
        method,
        path,
        401,
        "TOKEN_REQUIRED",
      ]);
    }
  });

  it("SRV-02: every route refuses another host and another origin, the open ones too", async () => {
    const api = closedApi();
    for (const { method, path } of routes) {
      expect(await codeOf(await api.fetch(request(method, path, { host: "evil.com" })))).toBe(
        "FORBIDDEN_HOST",
      );
      const foreign = await api.fetch(request(method, path, { origin: "http://evil.com" }));
      expect(await codeOf(foreign)).toBe("FORBIDDEN_ORIGIN");
    }
  });

  it("SRV-03: a thrown error is a 500 that says nothing of it, and is reported", async () => {
    const bugs: string[] = [];
    const api = closedApi((problem) => bugs.push(problem));
    const answer = await api.fetch(
      request("GET", "/api/accounts", { authorization: `Bearer ${api.sessions.token}` }),
    );
    expect(answer.status).toBe(500);
    expect(JSON.parse(await answer.text())).toEqual({
      error: {
        code: "INTERNAL_ERROR",
        message: expect.not.stringContaining("kaput"),
        details: { fix: expect.not.stringContaining("kaput") },
      },
    });
    expect(bugs).toEqual(["kaput"]);
  });
});

const request = (method: string, path: string, headers: Record<string, string> = {}): Request =>
  new Request(`http://127.0.0.1:3434${path}`, {
    method,
    headers: { host: "127.0.0.1:3434", "content-type": "application/json", ...headers },
    ...(method !== "GET" && { body: "{}" }),
  });

const codeOf = async (answer: Response): Promise<string> => JSON.parse(await answer.text()).error.code;

/** An API over ports that nothing may reach. */
function closedApi(onBug: (message: string) => void = () => {}) {
  const throwing = new Proxy(
    {},
    {
      get: (_target, name) => {
        if (name === "watch") return () => () => {};
        throw new Error("kaput");
      },
    },
  );
  return createApi({
    ports: {
      state: throwing,
      decisions: throwing,
      doctor: throwing,
      records: throwing,
      antigravity: throwing,
      logins: throwing,
      changes: throwing,
    } as unknown as ApiPorts,
    clock: { now: () => epochMs(0) },
    secrets: nodeSecrets,
    after: () => () => {},
    port: 3434,
    hosts: ["127.0.0.1:3434"],
    version: "1.2.3",
    file: () => undefined,
    onBug: ({ message }) => onBug(message),
  });
}
