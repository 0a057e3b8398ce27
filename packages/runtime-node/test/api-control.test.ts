import { describe, expect, it } from "vitest";
import { webResponse } from "../src/index.ts";
import { createApiRig, type ApiRig } from "./api-rig.ts";
import { ENDLESS, prompt } from "./rig.ts";

const TWO = ["work", "home"].map((alias) => ({ alias, percentPerRequest: ENDLESS }));

const codeOf = (result: { ok: boolean; error?: { code: string }; status: number }) => [
  result.status,
  result.error?.code,
];
const audited = async ({ rig }: ApiRig) => (await rig.pool.audit.read(50))._unsafeUnwrap();

describe("the force routes", () => {
  it("FRC-06: force, show and clear; a clear with nothing forced is harmless", async () => {
    await using api = await createApiRig(TWO);
    const { call } = api;
    expect(await call("GET /api/force")).toMatchObject({ value: { active: false, strategy: "round-robin" } });
    await call("PUT /api/settings", { body: { rotationStrategy: "least-used" } });
    const forced = await call("POST /api/force", { body: { alias: "home" } });
    expect(forced).toMatchObject({
      status: 200,
      value: { active: true, alias: "home", until: expect.stringMatching(/Z$/), by: { via: "api" } },
    });
    expect(await call("GET /api/force")).toEqual({ ...forced, etag: null });
    expect((await api.rig.ask()).text).toContain("home answered");
    const cleared = await call("POST /api/force/clear");
    expect(cleared).toMatchObject({ value: { alias: "home", restoredStrategy: "least-used" } });
    expect(await call("POST /api/force/clear")).toMatchObject({
      status: 200,
      value: { alias: null, restoredStrategy: "least-used" },
    });
  });

  it("FRC-06: no accounts, unknown, disabled, not eligible, an end time of the caller's: each its own error", async () => {
    await using api = await createApiRig(TWO);
    const { call } = api;
    const force = async (body: object) => codeOf(await call("POST /api/force", { body: body as never }));
    expect(await force({ alias: "nobody" })).toEqual([404, "ACCOUNT_NOT_FOUND"]);
    expect(await force({ alias: "work", until: 5 })).toEqual([400, "VALIDATION_ERROR"]);
    expect(await force({ alias: 5 })).toEqual([400, "VALIDATION_ERROR"]);
    expect(await force({})).toEqual([400, "VALIDATION_ERROR"]);
    await call("PUT /api/accounts/:alias/enabled", { params: { alias: "work" }, body: { enabled: false } });
    expect(await force({ alias: "work" })).toEqual([409, "ACCOUNT_DISABLED"]);
    api.rig.sim.drain("home", "fiveHour");
    await api.rig.serving.handle(prompt());
    expect(await force({ alias: "home" })).toEqual([409, "ACCOUNT_NOT_ELIGIBLE"]);
    const refused = await call("POST /api/force", { body: { alias: "home" } });
    expect(refused.ok || refused.error.details).toMatchObject({
      until: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      fix: expect.any(String),
    });
    await call("DELETE /api/accounts/:alias", { params: { alias: "work" } });
    await call("DELETE /api/accounts/:alias", { params: { alias: "home" } });
    expect(await force({ alias: "nobody" })).toEqual([409, "NO_ACCOUNTS"]);
  });
});

describe("the settings routes", () => {
  it("SET-02: a name that every object inherits is no setting", async () => {
    await using api = await createApiRig(TWO);
    const body: object = JSON.parse('{"__proto__": {"criticalThreshold": 5}, "lowThreshold": 40}');
    const answer = await api.call("PUT /api/settings", { body });
    expect(codeOf(answer)).toEqual([400, "VALIDATION_ERROR"]);
    expect(answer.ok || answer.error.details?.["issues"]).toMatchObject([
      { field: "__proto__", constraint: "must be left out: there is no such setting" },
    ]);
    expect(await api.call("GET /api/settings")).toMatchObject({ value: { settings: { lowThreshold: 30 } } });
  });

  it("SET-07: change, preset and reset are whole or not at all, and audited with who, when and what", async () => {
    await using api = await createApiRig(TWO);
    const { call } = api;
    const start = Date.now();
    const wrong = await call("PUT /api/settings", {
      body: { rotationStrategy: "random", criticalThreshold: 50, accountWeights: { work: 3 } },
    });
    expect(codeOf(wrong)).toEqual([400, "VALIDATION_ERROR"]);
    expect(wrong.ok || wrong.error.details?.["issues"]).toEqual([
      { field: "accountWeights.work", constraint: expect.stringContaining("must be"), value: 3 },
    ]);
    expect(await call("GET /api/settings")).toMatchObject({
      value: { settings: { rotationStrategy: "round-robin", criticalThreshold: 10, accountWeights: {} } },
    });
    const changed = await call("PUT /api/settings", {
      body: { rotationStrategy: "weighted-round-robin", accountWeights: { work: 0.5 } },
    });
    expect(changed).toMatchObject({
      value: {
        settings: { rotationStrategy: "weighted-round-robin", accountWeights: { work: 0.5 } },
        origins: { rotationStrategy: "persisted", lowThreshold: "default" },
      },
    });
    const preset = await call("POST /api/settings/preset", { body: { name: "Conservative" } });
    expect(preset).toMatchObject({ value: { settings: { criticalThreshold: 5, lowThreshold: 15 } } });
    expect(codeOf(await call("POST /api/settings/preset", { body: { name: "wild" } }))).toEqual([
      400,
      "VALIDATION_ERROR",
    ]);
    const reset = await call("POST /api/settings/reset");
    expect(reset).toMatchObject({
      value: { settings: { rotationStrategy: "round-robin", lowThreshold: 30 } },
    });
    const entries = await audited(api);
    expect(entries.map(({ action, actor }) => [action, actor.via])).toEqual([
      ["settings.reset", "api"],
      ["settings.preset", "api"],
      ["settings.change", "api"],
    ]);
    expect(entries.at(-1)?.changes).toEqual(
      expect.arrayContaining([
        { field: "rotationStrategy", from: "round-robin", to: "weighted-round-robin" },
        { field: "settings.accountWeights.work", from: null, to: 0.5 },
      ]),
    );
    for (const { at } of entries) expect(at).toBeGreaterThanOrEqual(start);
  });

  it("ISO-04: flags need the same authorization, are audited, and disturb no running request", async () => {
    await using api = await createApiRig(TWO);
    const { sim, serving } = api.rig;
    const body = JSON.stringify({ antigravityEnabled: true });
    const headers = { "content-type": "application/json" };
    const put = (more: Record<string, string>) =>
      api.fetch("/api/settings/feature-flags", { method: "PUT", body, headers: { ...headers, ...more } });
    expect((await put({})).status).toBe(401);
    expect((await put({ cookie: await api.cookie() })).status).toBe(403);
    expect(await audited(api)).toEqual([]);
    sim.script("work", [{ kind: "gated-stream", gate: "half" }]);
    sim.script("home", [{ kind: "gated-stream", gate: "half" }]);
    const running = (await serving.handle(prompt()))._unsafeUnwrap();
    const reading = webResponse(running).text();
    const before = await api.rig.pool.store.reload();
    const dashboard = { cookie: await api.cookie(), "x-open-multi-auth": "1", origin: api.origin };
    const on = await put(dashboard);
    expect([on.status, await on.json()]).toEqual([200, { antigravityEnabled: true }]);
    expect(await api.call("GET /api/settings/feature-flags")).toMatchObject({
      value: { antigravityEnabled: true },
    });
    await api.call("PUT /api/settings/feature-flags", { body: { antigravityEnabled: false } });
    sim.releaseGate("half");
    expect(await reading).toContain("response.completed");
    // Only the audit log knows that it was ever on.
    const after = (await api.rig.pool.store.reload())._unsafeUnwrap();
    expect(after.settings).toEqual(before._unsafeUnwrap().settings);
    const flags = (await audited(api)).filter(({ action }) => action === "flags.change");
    expect(flags.map(({ actor, changes }) => [actor.via, changes])).toEqual([
      ["api", [expect.objectContaining({ field: "settings.featureFlags.antigravityEnabled" })]],
      [
        "dashboard",
        [expect.objectContaining({ field: "settings.featureFlags.antigravityEnabled", to: true })],
      ],
    ]);
    const odd = await api.call("PUT /api/settings/feature-flags", { body: { antigravityEnabled: "yes" } });
    expect(codeOf(odd)).toEqual([400, "VALIDATION_ERROR"]);
  });
});

describe("the limits and token routes", () => {
  it("measures one account or all, and says of each how it ended; stops what is under way", async () => {
    await using api = await createApiRig(TWO);
    const { call } = api;
    api.rig.sim.drain("work", "weekly", 40);
    expect(await call("POST /api/limits/refresh", { body: { alias: "work" } })).toMatchObject({
      status: 202,
    });
    const nobody = await call("POST /api/limits/refresh", { body: { alias: "nobody" } });
    expect(codeOf(nobody)).toEqual([404, "ACCOUNT_NOT_FOUND"]);
    expect((await call("POST /api/limits/refresh")).status).toBe(202);
    expect(await call("POST /api/limits/stop")).toMatchObject({ value: { queued: [], running: [] } });
  });

  it("renews tokens, and fails where not one could be renewed", async () => {
    await using api = await createApiRig(TWO);
    const before = api.rig.account("work").refreshToken;
    const one = await api.call("POST /api/tokens/refresh", { body: { alias: "work" } });
    expect(one).toMatchObject({ value: { refreshed: [{ alias: "work" }], failed: [] } });
    expect(api.rig.account("work").refreshToken).not.toBe(before);
    api.rig.sim.script("home", [{ kind: "refresh-revoked" }], "token");
    const failed = await api.call("POST /api/tokens/refresh", { body: { alias: "home" } });
    expect(codeOf(failed)).toEqual([502, "TOKEN_REFRESH_FAILED"]);
  });
});
