import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { accountViewSchema, removeAccount, type Account } from "@open-multi-auth/domain";
import type { ProbeRunner } from "@open-multi-auth/limits-probe";
import { err, ok } from "neverthrow";
import { describe, expect, it } from "vitest";
import { openPool } from "../src/index.ts";
import { openLimits, type Limits } from "../src/limits.ts";
import { createRig, type Rig } from "./rig.ts";

const CHILD = fileURLToPath(new URL("probe-child.ts", import.meta.url));
const FREE = { maySpendQuota: false };

const usage = (rig: Rig, alias?: string) =>
  rig.sim
    .log()
    .filter((entry) => entry.endpoint === "usage" && (alias === undefined || entry.alias === alias));
const view = (limits: Limits, alias: string) => limits.views().find((account) => account.alias === alias);
const left = ({ rateLimits }: Account) => [rateLimits?.fiveHour?.remaining, rateLimits?.weekly?.remaining];

describe("a probe by the usage endpoint", () => {
  it("LIM-12, LIM-26: takes one request and no model turn; limits, history and source are stored", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const limits = openLimits(rig.pool);
    rig.sim.drain("work", "fiveHour", 30);
    rig.sim.drain("work", "weekly", 12);
    const report = await limits.probe(rig.account("work").id, FREE);
    expect(report).toMatchObject({ kind: "probed", outcome: { kind: "success" } });
    expect(rig.sim.log().map(({ endpoint }) => endpoint)).toEqual(["usage"]);
    const account = await stored(rig, "work");
    expect(left(account)).toEqual([70, 88]);
    expect(account).toMatchObject({
      limitStatus: "success",
      rateLimits: { source: { kind: "usage-endpoint" } },
      rateLimitHistory: [
        { source: "usage-endpoint", fiveHour: { remaining: 70 }, weekly: { remaining: 88 } },
      ],
    });
    expect(view(limits, "work")).toMatchObject({
      limitsConfidence: "fresh",
      lastLimitProbeAt: expect.stringMatching(/Z$/),
    });
  });

  it("LIM-26: renews a token that the upstream refuses once, through the pool, and asks again", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.expireAccessToken("work");
    const report = await openLimits(rig.pool).probe(rig.account("work").id, FREE);
    expect(report).toMatchObject({ kind: "probed", outcome: { kind: "success" } });
    expect(rig.sim.log().map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ["usage", 401],
      ["token", 200],
      ["usage", 200],
    ]);
    expect((await stored(rig, "work"))["accessToken"]).toBe(rig.sim.tokensOf("work").accessToken);
  });

  it.each([
    ["a server error", { kind: "server-error" }],
    ["an error in a 200", { kind: "status", status: 200, body: { error: { code: "token_expired" } } }],
    ["a detail in a 200", { kind: "status", status: 200, body: { detail: "Unauthorized" } }],
    ["a 200 that is no JSON", { kind: "garbage" }],
    ["a page", { kind: "html" }],
    ["a redirect", { kind: "redirect", location: "http://127.0.0.1:1/wham/usage" }],
    ["a reset connection", { kind: "reset" }],
    ["a deactivated workspace", { kind: "deactivated-workspace" }],
    ["a usage limit", { kind: "usage-limit" }],
    ["a burst", { kind: "burst" }],
    ["an overload", { kind: "overload" }],
    ["a token refused for good", { kind: "token-expired", times: "always" }],
    [
      "another account's figures",
      {
        kind: "status",
        status: 200,
        body: {
          account_id: "other-workspace",
          rate_limit: {
            primary_window: { used_percent: 1, limit_window_seconds: 18_000, reset_at: 1_999_990_000 },
          },
        },
      },
    ],
    ["no figures", { kind: "status", status: 200, body: { rate_limit: null } }],
  ] as const)("LIM-07, LIM-08, LIM-19: %s keeps the limits and says why", async (_name, step) => {
    await using rig = await createRig([{ alias: "work" }]);
    const limits = openLimits(rig.pool);
    const { id } = rig.account("work");
    rig.sim.drain("work", "fiveHour", 30);
    await limits.probe(id, FREE);
    const before = rig.account("work");
    rig.sim.drain("work", "fiveHour", 90);
    rig.sim.script("work", [step], "usage");
    const report = await limits.probe(id, FREE);
    expect(report).toMatchObject({ kind: "probed", outcome: { kind: "failure" } });
    const after = await stored(rig, "work");
    expect(after.rateLimits).toEqual(before.rateLimits);
    expect(after.rateLimitHistory).toEqual(before.rateLimitHistory);
    expect(after).toMatchObject({ limitStatus: "error", lastLimitErrorAt: expect.any(Number) });
    expect(view(limits, "work")).toMatchObject({
      limitsConfidence: "error",
      limitError: expect.stringMatching(/^usage endpoint: ./),
      limitErrorSource: { kind: "usage-endpoint" },
      limits: { fiveHour: { remaining: 70 } },
    });
    const { accessToken, refreshToken } = rig.sim.tokensOf("work");
    for (const secret of [accessToken, refreshToken]) expect(after.limitError).not.toContain(secret);
  });

  it("LIM-11: without any success the view is unknown, never 0 %", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.script("work", [{ kind: "server-error", times: "always" }], "usage");
    const limits = openLimits(rig.pool);
    await limits.probe(rig.account("work").id, FREE);
    const shown = view(limits, "work");
    expect(shown).toMatchObject({ limits: null, limitsConfidence: "unknown", limitStatus: "error" });
    expect(accountViewSchema.strict().safeParse(shown).error).toBeUndefined();
  });

  it("LIM-14, LIM-25: rapid failures and more than 100 successes leave a sound history", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const limits = openLimits(rig.pool);
    const { id } = rig.account("work");
    for (let i = 0; i < 110; i++) {
      rig.sim.drain("work", "fiveHour", i % 100);
      rig.sim.drain("work", "weekly", (i % 100) / 2);
      if (i % 3 === 0) rig.sim.script("work", [{ kind: "server-error", times: 2 }], "usage");
      if (i % 3 === 0) await Promise.all([limits.probe(id, FREE), limits.probe(id, FREE)]);
      if (i % 3 === 0) await limits.probe(id, FREE);
      await limits.probe(id, FREE);
    }
    const { rateLimitHistory: history } = await stored(rig, "work");
    expect(history).toHaveLength(100);
    expect(history.map(({ fiveHour }) => fiveHour?.remaining)).toEqual(
      Array.from({ length: 100 }, (_, index) => 100 - ((index + 10) % 100)),
    );
    for (const { fiveHour, weekly } of history) {
      // Both of one answer: the simulated week is always used half as much, in whole percents.
      expect(weekly?.remaining).toBe(100 - Math.floor((100 - (fiveHour?.remaining ?? 0)) / 2));
    }
  });
});

describe("an answer that comes too late", () => {
  it.each([
    [
      "a new login",
      (account: Account) => ({ [account.alias]: { ...account, accessToken: "new", refreshToken: "new" } }),
    ],
    [
      "a newer success",
      (account: Account) => ({
        [account.alias]: {
          ...account,
          lastLimitProbeAt: (account.addedAt + 3_600_000) as Account["addedAt"],
        },
      }),
    ],
  ])("LIM-29: counts for nothing after %s", async (_name, change) => {
    await using rig = await createRig([{ alias: "work" }]);
    const hours = { ahead: false };
    const clock = { now: () => (Date.now() + (hours.ahead ? 7_200_000 : 0)) as Account["addedAt"] };
    const limits = openLimits(rig.pool, { clock });
    rig.sim.script("work", [{ kind: "ok", delayMs: 300 }], "usage");
    const probing = limits.probe(rig.account("work").id, FREE);
    await rig.sim.waitForLog((entries) => entries.some(({ endpoint }) => endpoint === "usage"));
    rig.pool.store.apply((store) => ({ ...store, accounts: change(rig.account("work")) }), "now");
    hours.ahead = true;
    expect(await probing).toEqual({ kind: "void" });
    expect(rig.account("work").rateLimits).toBeUndefined();
    expect(rig.account("work").rateLimitHistory).toEqual([]);
  });

  it("LIM-29: brings a removed account not back", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    rig.sim.script("work", [{ kind: "ok", delayMs: 300 }], "usage");
    const probing = openLimits(rig.pool).probe(rig.account("work").id, FREE);
    await rig.sim.waitForLog((entries) => entries.some(({ endpoint }) => endpoint === "usage"));
    (await rig.pool.store.update((store) => removeAccount(store, "work")))._unsafeUnwrap();
    expect(await probing).toEqual({ kind: "void" });
    expect(Object.keys(rig.pool.store.state().accounts)).toEqual(["home"]);
  });
});

describe("the queue", () => {
  it("LIM-13: probes an account once for callers that ask together, and others undisturbed", async () => {
    const aliases = ["a", "b", "c", "d", "e", "f"];
    await using rig = await createRig(aliases.map((alias) => ({ alias })));
    for (const [index, alias] of aliases.entries()) {
      rig.sim.drain(alias, "fiveHour", index * 10);
      rig.sim.script(
        alias,
        [index === 2 ? { kind: "server-error", delayMs: 50 } : { kind: "ok", delayMs: 50 }],
        "usage",
      );
    }
    const limits = openLimits(rig.pool);
    const asked = Array.from({ length: 3 }, () =>
      aliases.map((alias) => limits.probe(rig.account(alias).id, FREE)),
    ).flat();
    const { queued, running } = limits.progress();
    expect([queued.length, running.length]).toEqual([2, 4]);
    expect(
      limits
        .views()
        .map(({ limitStatus }) => limitStatus)
        .toSorted(),
    ).toEqual(["running", "running", "running", "running", "queued", "queued"].toSorted());
    await Promise.all(asked);
    expect(aliases.map((alias) => usage(rig, alias).length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(aliases.map((alias) => left(rig.account(alias))[0])).toEqual([100, 90, undefined, 70, 60, 50]);
  });

  it("LIM-13: probes an account once for processes that ask together", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.drain("work", "fiveHour", 30);
    rig.sim.script("work", [{ kind: "ok", delayMs: 400 }], "usage");
    // One moment for all of them, however late a busy machine lets one begin.
    const since = { PROBE_UNLESS_SINCE: String(Date.now()) };
    const children = [startChild(rig, since), startChild(rig, since), startChild(rig, since)];
    await Promise.all(children.map((child) => child.ready));
    const kinds = await Promise.all(children.map((child) => child.go()));
    expect(kinds.toSorted()).toEqual(["known", "known", "probed"]);
    expect(usage(rig)).toHaveLength(1);
    expect(left(await stored(rig, "work"))).toEqual([70, 100]);
    expect((await readdir(rig.pool.paths.folder)).filter((name) => name.startsWith("probe-"))).toEqual([]);
  });

  it("LIM-10: a process ended by SIGTERM in the midst of a probe leaves the limits as they were, and no claim", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const limits = openLimits(rig.pool);
    const { id } = rig.account("work");
    await limits.probe(id, FREE);
    const before = rig.account("work");
    rig.sim.drain("work", "fiveHour", 99);
    rig.sim.script("work", [{ kind: "hang" }], "usage");
    const child = startChild(rig);
    await child.ready;
    void child.go();
    await rig.sim.waitForLog(
      (entries) => entries.filter(({ endpoint }) => endpoint === "usage").length === 2,
    );
    child.kill();
    await child.ended;
    expect((await stored(rig, "work"))["rateLimits"]).toEqual(before.rateLimits);
    // The dead holder's claim keeps nobody.
    expect(await limits.probe(id, FREE)).toMatchObject({ kind: "probed", outcome: { kind: "success" } });
    expect(left(rig.account("work"))[0]).toBe(1);
  });

  it("stops what waits and what runs; numbers stay", async () => {
    const aliases = ["a", "b", "c", "d", "e"];
    await using rig = await createRig(aliases.map((alias) => ({ alias })));
    for (const alias of aliases) rig.sim.script(alias, [{ kind: "hang", times: "always" }], "usage");
    const limits = openLimits(rig.pool);
    const reports = aliases.map((alias) => limits.probe(rig.account(alias).id, FREE));
    await rig.sim.waitForLog(
      (entries) => entries.filter(({ endpoint }) => endpoint === "usage").length === 4,
    );
    await limits.stop();
    const kinds = (await Promise.all(reports)).map((report) =>
      report.kind === "probed" ? report.outcome.kind : report.kind,
    );
    expect(kinds).toEqual(["stopped", "stopped", "stopped", "stopped", "skipped"]);
    expect(usage(rig)).toHaveLength(4);
    expect(rig.account("a")).toMatchObject({ limitStatus: "stopped" });
    expect(limits.progress()).toEqual({ queued: [], running: [] });
  });

  it("ACC-02: never probes a disabled account", async () => {
    await using rig = await createRig([{ alias: "work" }, { alias: "home" }]);
    const account = rig.account("work");
    rig.pool.store.apply(
      (store) => ({
        ...store,
        accounts: { ...store.accounts, [account.alias]: { ...account, enabled: false } },
      }),
      "now",
    );
    expect(await openLimits(rig.pool).probe(account.id, FREE)).toEqual({
      kind: "skipped",
      reason: "disabled",
    });
    expect(rig.sim.log()).toEqual([]);
  });
});

describe("sources behind the usage endpoint", () => {
  const window = { remaining: 42, resetAt: null, windowMinutes: 300, updatedAt: 1 as Account["addedAt"] };
  const source = (
    kind: ProbeRunner["kind"],
    spendsQuota: boolean,
    asked: string[],
    works: boolean,
  ): ProbeRunner => ({
    kind,
    spendsQuota,
    async run() {
      asked.push(kind);
      const error = { code: "PROBE_LIMITS_MISSING", message: "no limits", details: {} } as const;
      return {
        source: { kind, model: "gpt-5.3-codex" },
        result: works ? ok({ fiveHour: window }) : err(error),
      };
    },
  });

  it("LIM-26: the free ones first, one that costs quota only where that is allowed; each is labelled", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.script("work", [{ kind: "status", status: 403, times: "always" }], "usage");
    const asked: string[] = [];
    const fallbacks = [
      source("codex-app-server", false, asked, false),
      source("codex-exec", true, asked, true),
    ];
    const limits = openLimits(rig.pool, { fallbacks });
    const { id } = rig.account("work");
    await limits.probe(id, FREE);
    expect(asked).toEqual(["codex-app-server"]);
    expect(view(limits, "work")?.limitError).toMatch(
      /^usage endpoint: .+; Codex CLI \(app-server\) with gpt-5.3-codex: /,
    );
    await limits.probe(id, { maySpendQuota: true });
    expect(asked).toEqual(["codex-app-server", "codex-app-server", "codex-exec"]);
    expect(view(limits, "work")?.limits?.source).toEqual({ kind: "codex-exec", model: "gpt-5.3-codex" });
  });

  it.each([
    ["a deactivated workspace", { kind: "deactivated-workspace" }],
    ["no connection", { kind: "reset" }],
    ["too many requests", { kind: "burst" }],
  ] as const)("are not asked after %s, which they would only meet again", async (_name, step) => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.script("work", [step], "usage");
    const asked: string[] = [];
    const limits = openLimits(rig.pool, { fallbacks: [source("codex-exec", true, asked, true)] });
    await limits.probe(rig.account("work").id, { maySpendQuota: true });
    expect(asked).toEqual([]);
  });
});

/** An account as whoever opens the pool next finds it: what is not on disk is not there. */
async function stored({ env }: Rig, alias: string): Promise<Account> {
  const pool = (await openPool({ env }))._unsafeUnwrap();
  const account = Object.values(pool.store.state().accounts).find((one) => one.alias === alias);
  await pool.close();
  if (account === undefined) throw new Error(`no account is called ${alias}`);
  return account;
}

/** Another process of the same pool. */
function startChild({ env }: Rig, more: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ["--conditions=@open-multi-auth/source", CHILD], {
    env: { ...process.env, ...env, ...more },
    stdio: ["pipe", "pipe", "inherit"],
  });
  return {
    ready: once(child.stdout, "data"),
    ended: once(child, "exit"),
    kill: () => child.kill("SIGTERM"),
    async go(): Promise<string> {
      child.stdin.write("go\n");
      const [answer] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
      return String(answer).trim();
    },
  };
}
