import { accountViewSchema } from "@open-multi-auth/domain";
import { createFileLock } from "@open-multi-auth/core-store/node";
import { mkdir, rename, writeFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock, systemRandom } from "../src/index.ts";
import { accountsOnDisk, createApiRig, until, type ApiRig } from "./api-rig.ts";
import { ENDLESS, prompt } from "./rig.ts";

const TWO = [{ alias: "work" }, { alias: "home" }];
const WORK = { params: { alias: "work" } };
const NOBODY = { params: { alias: "nobody" } };

const enable = (
  api: ApiRig,
  alias: string,
  body: { enabled: boolean; reason?: string; allowNone?: boolean },
) => api.call("PUT /api/accounts/:alias/enabled", { params: { alias }, body });
const codeOf = (result: { ok: boolean; error?: { code: string }; status: number }) => [
  result.status,
  result.error?.code,
];

describe("the logins of other tools", () => {
  it("are found without a secret, linked once, and said to be linked; a file without one is refused", async () => {
    await using api = await createApiRig([{ alias: "work" }]);
    const { codexAuthFile, openCodeAuthFile } = api.rig.pool.paths;
    const { tokens, accountId, email } = api.rig.sim.addAccount({ alias: "codex" });
    const { accessToken: access_token, refreshToken: refresh_token, idToken: id_token } = tokens;
    await mkdir(dirname(codexAuthFile), { recursive: true });
    const login = { tokens: { access_token, refresh_token, id_token, account_id: accountId } };
    await writeFile(codexAuthFile, JSON.stringify(login), { mode: 0o600 });

    const found = await api.call("GET /api/logins");
    expect(found).toMatchObject({ value: { logins: [{ source: "codex", email }] } });
    expect(JSON.stringify(found)).not.toContain(refresh_token);
    const link = () => api.call("POST /api/logins/import", { body: { source: "codex" } });
    expect(await link()).toMatchObject({ value: { accounts: [{ outcome: "added" }] } });
    const again = await link();
    expect(again).toMatchObject({ value: { accounts: [{ outcome: "kept" }] } });
    const alias = again.ok ? again.value.accounts[0]?.alias : "";
    expect(await api.call("GET /api/logins")).toMatchObject({
      value: { logins: [{ source: "codex", alias }] },
    });
    const audit = (await api.rig.pool.audit.read(10))._unsafeUnwrap();
    expect(audit.filter(({ action }) => action === "account.link")).toHaveLength(1);

    await mkdir(dirname(openCodeAuthFile), { recursive: true });
    await writeFile(openCodeAuthFile, "{}", { mode: 0o600 });
    const none = await api.call("POST /api/logins/import", { body: { source: "opencode" } });
    expect(codeOf(none)).toEqual([409, "AUTH_FILE_WITHOUT_LOGIN"]);
  });
});

describe("GET /api/accounts", () => {
  it("ACC-03, LIM-16: has every account with switch, eligibility, health, cooldown and limits", async () => {
    await using api = await createApiRig(TWO);
    await enable(api, "home", { enabled: false, reason: "holiday" });
    api.rig.sim.drain("work", "fiveHour");
    await api.rig.serving.handle(prompt());
    const answer = await api.call("GET /api/accounts");
    if (!answer.ok) throw new Error(answer.error.code);
    const [work, home] = answer.value.accounts.map((view) => accountViewSchema.parse(view));
    expect(work).toMatchObject({
      alias: "work",
      enabled: true,
      eligibility: { eligible: false, reasons: ["cooling-down"], at: expect.any(String) },
      health: { state: "healthy" },
      cooldownUntil: expect.stringMatching(/Z$/),
      limitsConfidence: "fresh",
      lastLimitProbeAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      limitStatus: "success",
      limits: { source: { kind: "usage-endpoint" }, weekly: { remaining: 100 } },
    });
    expect(home).toMatchObject({
      alias: "home",
      enabled: false,
      disableReason: "holiday",
      disabledBy: { via: "api" },
      eligibility: { eligible: false, reasons: ["disabled"] },
      limitsConfidence: "fresh",
    });
  });

  it("LIM-16: says that nothing is known of an account that was never measured, and why a probe failed", async () => {
    await using api = await createApiRig([{ alias: "work" }], {
      env: { OPENCODE_MULTI_AUTH_USAGE_BASE_URL: "http://127.0.0.1:9" },
    });
    const answer = await api.call("GET /api/accounts");
    expect(answer).toMatchObject({
      value: { accounts: [{ limits: null, limitsConfidence: "unknown", limitStatus: "error" }] },
    });
  });
});

describe("PUT /api/accounts/:alias/enabled", () => {
  it("ACC-04: answers with the account as it is then, and says what cannot be done", async () => {
    await using api = await createApiRig(TWO);
    const off = await enable(api, "work", { enabled: false, reason: "quiet" });
    expect(off).toMatchObject({
      status: 200,
      value: { account: { alias: "work", enabled: false, disableReason: "quiet" } },
    });
    expect(codeOf(await enable(api, "work", { enabled: false }))).toEqual([409, "ALREADY_IN_STATE"]);
    expect(codeOf(await enable(api, "nobody", { enabled: false }))).toEqual([404, "ACCOUNT_NOT_FOUND"]);
    const on = await enable(api, "work", { enabled: true });
    expect(on).toMatchObject({ value: { account: { enabled: true } } });
    expect(on.ok && on.value.account.disableReason).toBeUndefined();
  });

  it("ACC-04: of two at once the first, held in its write, wins; the second is told so, and does nothing", async () => {
    await using api = await createApiRig(TWO);
    const lock = createFileLock(join(api.folder, "store.json.lock"), {
      clock: systemClock,
      random: systemRandom,
    });
    const held = (await lock.acquire({ deadlineMs: 10_000 }))._unsafeUnwrap();
    const both = [1, 2].map(() => enable(api, "work", { enabled: false }));
    // The one that is first waits for the lock.
    expect(codeOf(await Promise.race(both))).toEqual([409, "UPDATE_IN_PROGRESS"]);
    // Another account is nobody's business.
    const other = enable(api, "home", { enabled: true });
    await held.release();
    const winner = (await Promise.all(both)).find(({ ok }) => ok);
    expect(winner).toMatchObject({ status: 200, value: { account: { enabled: false } } });
    expect(codeOf(await other)).toEqual([409, "ALREADY_IN_STATE"]);
    expect(await accountsOnDisk(api)).toMatchObject({ work: { enabled: false }, home: { enabled: true } });
  });

  it("ACC-05: keeps the last enabled account, unless none may be left", async () => {
    await using api = await createApiRig(TWO);
    await enable(api, "work", { enabled: false });
    expect(codeOf(await enable(api, "home", { enabled: false }))).toEqual([409, "LAST_ENABLED_ACCOUNT"]);
    const none = await enable(api, "home", { enabled: false, allowNone: true });
    expect(none).toMatchObject({ status: 200, value: { account: { enabled: false } } });
  });

  it("SRV-03: a store that cannot be written is 503, says why, and works again with the disk", async () => {
    await using api = await createApiRig(TWO);
    // Only a folder that is gone refuses root, too.
    await rename(api.folder, `${api.folder}-away`);
    const refused = await enable(api, "work", { enabled: false });
    expect(codeOf(refused)).toEqual([503, "STORE_UNAVAILABLE"]);
    expect(refused).toMatchObject({ error: { details: { reason: expect.stringMatching(/^STORE_/) } } });
    expect((await api.call("GET /api/accounts")).ok).toBe(true);
    const storeState = async () => {
      const answer = await api.call("GET /api/state");
      return answer.ok && answer.value.store.state;
    };
    expect(await storeState()).toBe("degraded");
    await putBack(`${api.folder}-away`, api.folder);
    await expect.poll(storeState, { timeout: 30_000 }).toBe("ok");
    expect(await enable(api, "work", { enabled: false })).toMatchObject({ status: 200 });
  });

  it("ACC-12: rapid toggling ends in the state that was acknowledged last", async () => {
    await using api = await createApiRig(TWO);
    const acknowledged: boolean[] = [];
    const refusals: unknown[] = [];
    const toggle = async (enabled: boolean): Promise<void> => {
      const answer = await enable(api, "work", { enabled });
      if (answer.ok) acknowledged.push(answer.value.account.enabled);
      else refusals.push(codeOf(answer)[1]);
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => toggle(index % 2 === 1)));
    for (let times = 0; times < 11; times++) await toggle(times % 2 === 1);
    expect(refusals).toContain("UPDATE_IN_PROGRESS");
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(await accountsOnDisk(api)).toMatchObject({ work: { enabled: acknowledged.at(-1) } });
  });
});

describe("an alias in the path", () => {
  it("ACC-14: every change of one account leaves every other one as it was in the store", async () => {
    await using api = await createApiRig([...TWO, { alias: "lab", percentPerRequest: ENDLESS }]);
    const { call } = api;
    const others = async () => {
      const { work: _changed, studio: _renamed, ...rest } = await accountsOnDisk(api);
      return rest;
    };
    const before = await others();
    expect(Object.keys(before)).toEqual(["home", "lab"]);
    const steps = [
      () => enable(api, "work", { enabled: false, reason: "x" }),
      () => enable(api, "work", { enabled: true }),
      () =>
        call("PATCH /api/accounts/:alias", { ...WORK, body: { tags: ["eu"], notes: "mine", weight: 0.5 } }),
      () => call("POST /api/force", { body: { alias: "work" } }),
      () => call("POST /api/limits/refresh", { body: { alias: "work" } }),
      () => call("POST /api/tokens/refresh", { body: { alias: "work" } }),
      () => call("PATCH /api/accounts/:alias", { ...WORK, body: { alias: "studio" } }),
      () => call("DELETE /api/accounts/:alias", { params: { alias: "studio" } }),
    ];
    for (const step of steps) {
      const answer = await step();
      expect([String(step), answer.ok ? "ok" : answer.error]).toEqual([String(step), "ok"]);
      await until(async () => (await call("GET /api/state")).ok && (await idle(api)));
      expect(await others()).toEqual(before);
    }
    expect(Object.keys(await accountsOnDisk(api))).toEqual(["home", "lab"]);
  });

  it("takes any alias there can be, encoded or not", async () => {
    await using api = await createApiRig([
      { alias: "__proto__" },
      { alias: "constructor" },
      { alias: "a.b_c-d" },
    ]);
    for (const alias of ["__proto__", "constructor", "a.b_c-d"]) {
      const body = { tags: ["x"], weight: 0.5, reservePercent: 10 };
      const answer = await api.call("PATCH /api/accounts/:alias", { params: { alias }, body });
      expect(answer).toMatchObject({ value: { account: { alias, ...body } } });
    }
    expect(codeOf(await api.call("GET /api/accounts/:alias", { params: { alias: "a/../b %" } }))).toEqual([
      404,
      "ACCOUNT_NOT_FOUND",
    ]);
  });
});

describe("PATCH and DELETE /api/accounts/:alias", () => {
  it("ACC-13: renames and describes: all of it or nothing, and removing leaves nothing dangling", async () => {
    await using api = await createApiRig(TWO);
    const { call } = api;
    const wrong = await call("PATCH /api/accounts/:alias", {
      ...WORK,
      body: { tags: ["fine"], notes: "fine", weight: 7, alias: "studio" },
    });
    expect(codeOf(wrong)).toEqual([400, "VALIDATION_ERROR"]);
    expect(wrong).toMatchObject({ error: { details: { issues: [{ field: "accountWeights.work" }] } } });
    const taken = await call("PATCH /api/accounts/:alias", { ...WORK, body: { tags: ["x"], alias: "home" } });
    expect(codeOf(taken)).toEqual([409, "ALIAS_TAKEN"]);
    expect(await accountsOnDisk(api)).toMatchObject({ work: { tags: [] } });
    await call("POST /api/force", { body: { alias: "work" } });
    const renamed = await call("PATCH /api/accounts/:alias", {
      ...WORK,
      body: { alias: "studio", tags: ["eu"] },
    });
    expect(renamed).toMatchObject({ value: { account: { alias: "studio", tags: ["eu"], forced: true } } });
    await call("DELETE /api/accounts/:alias", { params: { alias: "studio" } });
    expect(api.rig.pool.state()).toMatchObject({ forcedAlias: null, activeAlias: null });
    expect(codeOf(await call("DELETE /api/accounts/:alias", NOBODY))).toEqual([404, "ACCOUNT_NOT_FOUND"]);
  });
});

const idle = async ({ call }: ApiRig): Promise<boolean> => {
  const state = await call("GET /api/state");
  return state.ok && state.value.probes.running.length + state.value.probes.queued.length === 0;
};

/** The logs begin a folder of their own meanwhile, again and again. */
async function putBack(away: string, folder: string): Promise<void> {
  for (;;) {
    await rm(folder, { recursive: true, force: true, maxRetries: 9 });
    try {
      return await rename(away, folder);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw thrown;
    }
  }
}
