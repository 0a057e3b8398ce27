import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { routes } from "@open-multi-auth/loopback-api";
import { describe, expect, it } from "vitest";
import { createApiRig, eventsUntil, type ApiRig } from "./api-rig.ts";

const TWO = [{ alias: "work" }, { alias: "home" }];

/** Every route that only reads, with something in the place of its names. */
const READING = routes
  .filter(({ method, path }) => method === "GET" && path !== "/api/events")
  .map(({ path }) => path.replace(":alias", "work").replace(/:\w+/, "none"));

const hashOf = async ({ rig, folder }: ApiRig): Promise<string> => {
  await rig.pool.store.flush();
  return createHash("sha256")
    .update(await readFile(join(folder, "store.json")))
    .digest("hex");
};

/** All that may never be told. */
function secretsOf({ rig, server }: ApiRig): string[] {
  const linked = Object.values(rig.pool.store.state().accounts).flatMap(
    ({ accessToken, refreshToken, idToken }) => [accessToken, refreshToken, idToken ?? ""],
  );
  const simulated = rig.sim.accounts().flatMap(({ tokens }) => Object.values(tokens).map(String));
  return [...linked, ...simulated, server.token].filter((secret) => secret.length > 20);
}

describe("reading", () => {
  it("SRV-02: security 15: no GET or HEAD changes the store", async () => {
    await using api = await createApiRig(TWO);
    const before = await hashOf(api);
    const headers = {
      authorization: `Bearer ${api.server.token}`,
      "x-backup-passphrase": "long%20enough%20for%20it",
    };
    expect(READING.length).toBeGreaterThan(15);
    for (const path of READING) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await api.fetch(path, { method, headers });
        await answer.arrayBuffer();
        expect([method, path, answer.status < 500]).toEqual([method, path, true]);
      }
    }
    expect(await hashOf(api)).toBe(before);
  });
});

describe("secrets", () => {
  it("SRV-06: security 41: no answer of any route, and no event, holds a token", async () => {
    await using api = await createApiRig(TWO);
    await api.rig.ask();
    const { call } = api;
    const told: string[] = [];
    const following = eventsUntil(api, (events) => events.some(({ event }) => event.type === "decision"));
    const headers = {
      authorization: `Bearer ${api.server.token}`,
      "x-backup-passphrase": "long%20enough%20for%20it",
    };
    for (const path of READING) told.push(await (await api.fetch(path, { headers })).text());
    const { refreshToken } = api.rig.account("work");
    for (const answer of [
      await call("POST /api/tokens/refresh", { body: { alias: "work" } }),
      await call("POST /api/limits/refresh"),
      await call("PATCH /api/accounts/:alias", {
        params: { alias: "home" },
        body: { notes: `see ${refreshToken}` },
      }),
      await call("POST /api/accounts", { body: { method: "browser" } }),
      await call("POST /api/accounts", { body: { method: "browser", alias: refreshToken } }),
      await call("PUT /api/settings", { body: { probeModels: refreshToken } }),
      await call("POST /api/import", { body: { backup: refreshToken } }),
      await call("GET /api/accounts/:alias", { params: { alias: "work" } }),
    ]) {
      told.push(JSON.stringify(answer));
    }
    await api.rig.ask();
    told.push(JSON.stringify(await following));
    const text = told.join("\n");
    // What a person has pasted into a note themselves is theirs to read.
    const note = `see ${refreshToken}`;
    for (const secret of secretsOf(api)) expect(text.replaceAll(note, "")).not.toContain(secret);
    expect(text).toContain("work");
  });

  it("SRV-06: security 42: an upstream that repeats our credentials in its errors is not repeated", async () => {
    await using api = await createApiRig(TWO);
    const { accessToken, refreshToken } = api.rig.account("work");
    const echo = { error: { code: "boom", message: `Authorization: Bearer ${accessToken} ${refreshToken}` } };
    api.rig.sim.script("work", [{ kind: "status", status: 400, body: echo, times: 9 }], "token");
    api.rig.sim.script("work", [{ kind: "status", status: 403, body: echo, times: 9 }], "usage");
    const failed = await api.call("POST /api/tokens/refresh", { body: { alias: "work" } });
    expect(failed.status).toBe(502);
    await api.call("POST /api/limits/refresh", { body: { alias: "work" } });
    const state = await api.call("GET /api/state");
    const log = await api.call("GET /api/logs");
    for (const text of [failed, state, log].map((answer) => JSON.stringify(answer))) {
      for (const secret of [accessToken, refreshToken]) expect(text).not.toContain(secret);
    }
  });
});
