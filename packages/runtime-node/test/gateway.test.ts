import { expect, describe, it } from "vitest";
import { gatewayKeys, openGateway, type Gateway } from "../src/gateway.ts";
import { openPool } from "../src/index.ts";
import { createApiRig, stateOf } from "./api-rig.ts";
import { createRig, ENDLESS, linkAll, prompt, type Rig } from "./rig.ts";

const TWO = [
  { alias: "work", percentPerRequest: ENDLESS },
  { alias: "home", percentPerRequest: ENDLESS },
];

describe("the gateway over a pool", () => {
  it("GWY-03: streams answers from the pool, account after account, and drops what the client is signed in with", async () => {
    await using door = await open();
    const first = await door.post({ ...BODY, stream: true });
    expect(first.headers.get("content-type")).toBe("text/event-stream");
    expect(await first.text()).toMatch(/(?:work|home) answered\./);
    const second = await door.post(BODY, "/backend-api/codex/responses", { "session-id": "other" });
    expect(await second.json()).toMatchObject({ status: "completed", output: [{ type: "message" }] });
    const [one, two] = responses(door.rig);
    expect(new Set([one?.alias, two?.alias])).toEqual(new Set(["home", "work"]));
    expect(one?.accessToken).toBe(door.rig.sim.tokensOf(String(one?.alias)).accessToken);
    expect(JSON.stringify(one?.headers)).not.toContain(door.key);
  });

  it("GWY-02: GWY-04: a limit on one account is not seen: another answers, and the headers show what both have left", async () => {
    await using door = await open();
    await (await door.post({ ...BODY, stream: true })).text();
    const [first] = responses(door.rig).map(({ alias }) => alias);
    const next = first === "work" ? "home" : "work";
    door.rig.sim.drain(next, "fiveHour");
    const answer = await door.post({ ...BODY, stream: true });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining(`${first} answered.`),
    ]);
    expect(responses(door.rig).map(({ alias, status }) => [alias, status])).toEqual([
      [first, 200],
      [next, 429],
      [first, 200],
    ]);
    const shown = async (): Promise<string | null> => {
      const later = await door.post({ ...BODY, stream: true });
      await later.text();
      return later.headers.get("x-codex-primary-used-percent");
    };
    await expect.poll(shown, { timeout: 10_000, interval: 300 }).toBe("50");
  });

  it("GWY-04: with every account at its limit it says so, and for how long", async () => {
    await using door = await open();
    for (const { alias } of TWO) door.rig.sim.drain(alias, "fiveHour");
    const refused = await door.post(BODY);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(await refused.json()).toMatchObject({
      error: { type: "usage_limit_reached", code: "ALL_ACCOUNTS_EXHAUSTED", resets_at: expect.any(Number) },
    });
    const usage = await door.fetch("/backend-api/wham/usage");
    expect(await usage.json()).toMatchObject({
      rate_limit: { allowed: false, limit_reached: true, primary_window: { used_percent: 100 } },
    });
  });

  it("GWY-05: keys are shown once, kept as digests, noted in the audit log, and follow from another process's change", async () => {
    await using door = await open();
    const other = (await openPool({ env: door.rig.env }))._unsafeUnwrap();
    const keys = gatewayKeys(other, { via: "cli", user: "ann" });
    const key = (await keys.create("laptop"))._unsafeUnwrap();
    const models = (): Promise<number> =>
      fetch(`${door.gateway.url}/v1/models`, { headers: { "x-api-key": key } }).then(({ status }) => status);
    // Whoever was told it uses it at once.
    expect(await models()).toBe(200);
    expect(key).toMatch(/^oma_[A-Za-z0-9_-]{43}$/);
    expect((await keys.create("laptop"))._unsafeUnwrapErr()).toMatchObject({ code: "KEY_NAME_TAKEN" });
    expect((await keys.create("no good"))._unsafeUnwrapErr()).toMatchObject({ code: "KEY_NAME_INVALID" });
    expect(keys.list().map(({ name }) => name)).toEqual(["test", "laptop"]);
    expect(JSON.stringify(other.state())).not.toContain(key);

    (await keys.revoke("laptop"))._unsafeUnwrap();
    expect((await keys.revoke("laptop"))._unsafeUnwrapErr()).toMatchObject({ code: "KEY_NOT_FOUND" });
    await expect.poll(models, { timeout: 5_000 }).toBe(401);
    const audit = (await other.audit.read(2))._unsafeUnwrap();
    expect(audit).toMatchObject([
      { action: "key.revoke", changes: [{ field: "gatewayKeys.laptop", from: "present", to: null }] },
      {
        action: "key.create",
        actor: { user: "ann" },
        changes: [{ field: "gatewayKeys.laptop", from: null }],
      },
    ]);
    await other.close();
  });

  it("GWY-06: a client that leaves in the middle closes the upstream's connection, and costs the account nothing", async () => {
    await using door = await open();
    for (const { alias } of TWO) door.rig.sim.script(alias, [{ kind: "gated-stream", gate: "half" }]);
    const leaving = new AbortController();
    const answer = await door.post({ ...BODY, stream: true }, undefined, {}, leaving.signal);
    await answer.body?.getReader().read();
    leaving.abort();
    await door.rig.sim.waitForLog((log) => log.some(({ outcome }) => outcome === "aborted"));
    expect(await door.rig.record()).toMatchObject({ outcome: "aborted" });
    for (const { alias } of TWO)
      expect(door.rig.account(alias)).toMatchObject({ health: { state: "healthy", failures: 0 } });
  });

  it("GWY-07: the gateway, a plugin's process and the command line share one pool: what one learns the others know", async () => {
    await using rig = await createRig(TWO);
    const alone = (await openPool({ env: rig.env }))._unsafeUnwrap();
    const key = (await gatewayKeys(alone, { via: "cli" }).create("test"))._unsafeUnwrap();
    const gateway = (await openGateway(alone, { port: 0, version: "1" }))._unsafeUnwrap();
    const post = (): Promise<Response> => ask(gateway, key, { ...BODY, stream: true });
    rig.sim.drain("work", "fiveHour");
    rig.sim.clearLog();
    await rig.ask();
    await rig.ask();
    // The plugin's process met the limit: the gateway never asks that account.
    expect(responses(rig).some(({ alias, status }) => alias === "work" && status === 429)).toBe(true);
    await expect
      .poll(() => alone.views().find(({ alias }) => alias === "work")?.eligibility.eligible)
      .toBe(false);
    rig.sim.clearLog();
    for (let turn = 0; turn < 3; turn += 1) await (await post()).text();
    expect(responses(rig).map(({ alias }) => alias)).toEqual(["home", "home", "home"]);
    await gateway.close();
    await alone.close();
    expect((await rig.serving.handle(prompt()))._unsafeUnwrap().status).toBe(200);
  });
});

describe("the gateway in the process of the dashboard", () => {
  it("GWY-07: one pool answers the page and the clients: what a client meets is what the page shows, and the other way round", async () => {
    await using api = await createApiRig(TWO);
    const { rig } = api;
    const key = (await gatewayKeys(rig.pool, { via: "cli" }).create("test"))._unsafeUnwrap();
    const gateway = (await openGateway(rig.pool, { port: 0, version: "1" }))._unsafeUnwrap();
    const post = (): Promise<Response> => ask(gateway, key, { ...BODY, stream: true });
    rig.sim.drain("home", "fiveHour");
    for (let turn = 0; turn < 2; turn += 1) expect((await post()).status).toBe(200);
    const accounts = await stateOf(api.call, "accounts");
    expect(accounts.find(({ alias }) => alias === "home")).toMatchObject({
      eligibility: { eligible: false, reasons: ["cooling-down"] },
    });
    const off = await api.call("PUT /api/accounts/:alias/enabled", {
      params: { alias: "work" },
      body: { enabled: false, allowNone: true },
    });
    expect(off.ok).toBe(true);
    expect((await post()).status).toBe(429);
    await gateway.close();
    expect((await api.fetch("/api/health")).status).toBe(200);
  });
});

const BODY = { model: "gpt-5.5", input: [], instructions: "" };

const responses = (rig: Rig) => rig.sim.log().filter(({ endpoint }) => endpoint === "responses");

interface OpenDoor extends AsyncDisposable {
  readonly rig: Rig;
  readonly gateway: Gateway;
  readonly key: string;
  fetch(path: string): Promise<Response>;
  post(
    body: object,
    path?: string,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response>;
}

/** A gateway in the process of a pool that serves nobody else. */
async function open(): Promise<OpenDoor> {
  const rig = await createRig([]);
  for (const account of TWO) rig.sim.addAccount(account);
  await linkAll(rig);
  const key = (await gatewayKeys(rig.pool, { via: "cli" }).create("test"))._unsafeUnwrap();
  const gateway = (await openGateway(rig.pool, { port: 0, version: "1.2.3" }))._unsafeUnwrap();
  return {
    rig,
    gateway,
    key,
    fetch: (path) => fetch(gateway.url + path, { headers: { authorization: `Bearer ${key}` } }),
    post: (body, path, headers, signal) => ask(gateway, key, body, path, { headers, signal }),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await rig[Symbol.asyncDispose]();
    },
  };
}

function ask(
  { url }: Gateway,
  key: string,
  body: object,
  path = "/v1/responses",
  {
    headers = {},
    signal,
  }: { headers?: Record<string, string> | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}
