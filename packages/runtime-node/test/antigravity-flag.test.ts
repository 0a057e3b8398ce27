import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProblemLog, startApiServer } from "../src/api.ts";
import { openPool, systemClock, type Pool } from "../src/index.ts";
import { createRig, ENDLESS, type Rig } from "./rig.ts";

const STATUS = "/api/antigravity/status";
const TWO = [
  { alias: "work", percentPerRequest: ENDLESS },
  { alias: "home", percentPerRequest: ENDLESS },
];

describe("the flag of Antigravity", () => {
  it("ISO-01: is off at first; the settings API turns it on, for the next process too; the environment as well", async () => {
    await using rig = await createRig(TWO);
    await using api = await serve(rig.pool, rig.env);
    expect([flag(rig.pool), (await api.get("/api/settings/feature-flags")).body]).toEqual([
      false,
      { antigravityEnabled: false },
    ]);
    await api.turn(true);
    const next = (await openPool({ env: rig.env }))._unsafeUnwrap();
    expect(flag(next)).toBe(true);
    await next.close();
    await api.turn(false);
    const variables = { ...rig.env, OPENCODE_MULTI_AUTH_ANTIGRAVITY_ENABLED: "1" };
    const told = (await openPool({ env: variables }))._unsafeUnwrap();
    expect([flag(told), told.settings().origins.featureFlags]).toEqual([true, "environment"]);
    await told.close();
  });

  it("ISO-02: off, its route is as unknown as any other, and no description has it", async () => {
    await using rig = await createRig(TWO);
    await using api = await serve(rig.pool, rig.env);
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      const unknown = await api.get("/api/no-such-route", method);
      expect(unknown.status).toBe(404);
      expect(await api.get(STATUS, method)).toEqual(unknown);
    }
    expect(JSON.stringify((await api.get("/api/openapi.json")).body)).not.toContain("/antigravity");
  });

  it("ISO-03: on, its accounts are shown, and which account serves is what it was", async () => {
    await using rig = await createRig(TWO);
    await using api = await serve(rig.pool, rig.env);
    const config = join(rig.env["HOME"]!, ".config", "opencode");
    const file = join(config, "antigravity-accounts.json");
    await mkdir(config, { recursive: true });
    const text = JSON.stringify({ accounts: [{ email: "a@example.com", refreshToken: "1//canary" }] });
    await writeFile(file, text);
    const before = await stat(file);
    const eligible = rig.pool.views().map(({ alias, eligibility }) => [alias, eligibility]);
    await api.turn(true);
    const { status, body } = await api.get(STATUS);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        file: "read",
        accounts: [{ number: 1, inUse: true, signedIn: true, resting: [] }],
      }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/canary|example/);
    expect(JSON.stringify((await api.get("/api/openapi.json")).body)).toContain(STATUS);
    expect(rig.pool.views().map(({ alias, eligibility }) => [alias, eligibility])).toEqual(eligible);
    const served: string[] = [];
    for (let request = 0; request < 4; request += 1) served.push((await rig.ask()).text);
    expect(served.map((one) => one[one.indexOf(" answered") - 1])).toEqual(["k", "e", "k", "e"]);
    expect([await readFile(file, "utf8"), (await stat(file)).mtimeMs]).toEqual([text, before.mtimeMs]);
  });

  it("ISO-04: is changed only by who may, noted, at once, and disturbs no request under way", async () => {
    await using rig = await createRig(TWO);
    await using api = await serve(rig.pool, rig.env);
    const stored = (): unknown => {
      const { settings, rotationStrategy, accounts } = rig.pool.store.state();
      return { settings, rotationStrategy, aliases: Object.keys(accounts) };
    };
    const before = stored();
    const files = await readdir(rig.pool.paths.folder);

    expect(await api.turn(true, { authorization: "Bearer wrong" })).toBe(401);
    expect((await api.get(STATUS)).status).toBe(404);

    let going = true;
    const answers: Promise<unknown>[] = [];
    const asking = (async () => {
      while (going) {
        const answer = rig.ask();
        answers.push(answer);
        await answer;
      }
    })();
    for (const on of [true, false, true, false]) {
      expect(await api.turn(on)).toBe(200);
      expect((await api.get(STATUS)).status).toBe(on ? 200 : 404);
    }
    going = false;
    await asking;
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ status: 200 });

    expect(stored()).toEqual(before);
    const after = await readdir(rig.pool.paths.folder);
    expect(after.filter((name) => !files.includes(name) && name !== "decisions")).toEqual(["audit.jsonl"]);
    const entries = (await rig.pool.audit.read(10))._unsafeUnwrap();
    expect(entries.map(({ action, actor, changes }) => [action, actor.via, changes.length])).toEqual(
      Array.from({ length: 4 }, () => ["flags.change", "api", 1]),
    );
    expect(entries[0]?.changes).toEqual([
      { field: "settings.featureFlags.antigravityEnabled", from: true, to: null },
    ]);
  });
});

const flag = (pool: Pool): boolean => pool.settings().settings.featureFlags.antigravityEnabled;

interface Client extends AsyncDisposable {
  get(path: string, method?: string): Promise<{ status: number; body: unknown }>;
  /** Changes the flag; gives the status of the answer. */
  turn(on: boolean, headers?: Record<string, string>): Promise<number>;
}

async function serve(pool: Pool, env: Rig["env"]): Promise<Client> {
  const started = await startApiServer(pool, {
    host: "127.0.0.1",
    port: 0,
    version: "0.0.0",
    problems: createProblemLog(systemClock),
    doctor: { examine: () => Promise.reject(new Error("not asked for")) },
    file: () => undefined,
    env: { ...env, PATH: process.env["PATH"] },
  });
  const server = started._unsafeUnwrap();
  if (server.kind === "found") throw new Error("another server runs");
  const send = (path: string, method: string, headers: object = {}, body?: string): Promise<Response> =>
    fetch(new URL(path, server.url), {
      method,
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body }),
    });
  return {
    async get(path, method = "GET") {
      const answer = await send(path, method, {}, method === "GET" ? undefined : "{}");
      return { status: answer.status, body: await answer.json() };
    },
    turn: async (on, headers) =>
      (await send("/api/settings/feature-flags", "PUT", headers, JSON.stringify({ antigravityEnabled: on })))
        .status,
    [Symbol.asyncDispose]: () => server.close(),
  };
}
