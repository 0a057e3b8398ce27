import { epochMs } from "@open-multi-auth/domain";
import { stateSchema } from "@open-multi-auth/loopback-api";
import { describe, expect, it } from "vitest";
import { openPool, poolControl } from "../src/index.ts";
import { createApiRig, eventsUntil, stateOf, until } from "./api-rig.ts";

const TWO = [{ alias: "work" }, { alias: "home" }];
const PASSPHRASE = "a passphrase, with ümlauts";

describe("GET /api/state", () => {
  it("has what the page shows, by its schema: who serves, who is next, what it came to", async () => {
    await using api = await createApiRig(TWO);
    const served: string[] = [];
    for (let times = 0; times < 4; times++) {
      const { text } = await api.rig.ask();
      served.push(text.includes("work answered") ? "work" : "home");
    }
    await until(async () => (await stateOf(api.call, "counters")).requests === 4);
    const answer = await api.call("GET /api/state");
    if (!answer.ok) throw new Error(answer.error.code);
    const state = stateSchema.parse(answer.value);
    expect(state.current).toBe(served.at(-1));
    expect(state.next).toBe(served.at(-1) === "work" ? "home" : "work");
    expect(state.conversations).toEqual({ work: 2, home: 2 });
    expect(state.counters).toMatchObject({
      requests: 4,
      served: 4,
      moved: 0,
      kept: {},
      byAlias: { work: 2, home: 2 },
    });
    expect(state).toMatchObject({
      strategy: "round-robin",
      incident: null,
      store: { state: "ok", encrypted: false },
    });
    // The next fails, and nobody notices.
    api.rig.sim.script(state.next ?? "", [{ kind: "server-error" }]);
    expect((await api.rig.ask()).text).toContain(`${state.current} answered`);
    await until(async () => (await stateOf(api.call, "counters")).requests === 5);
    expect(await stateOf(api.call, "counters")).toMatchObject({
      served: 5,
      moved: 1,
      kept: { transient: 1 },
    });
  });

  it("tells a decision of any process as an event, and who serves then in the state", async () => {
    await using api = await createApiRig(TWO);
    const events = eventsUntil(api, (all) => all.some(({ event }) => event.type === "decision"), {
      onOpen: () => void api.rig.ask(),
    });
    const decisions = (await events).flatMap(({ event }) => (event.type === "decision" ? [event.data] : []));
    expect(decisions).toMatchObject([
      { outcome: "served", at: expect.stringMatching(/Z$/), attempts: [{ verdict: "served" }] },
    ]);
    const { requestId } = decisions[0]!;
    const list = await api.call("GET /api/decisions", { query: { limit: 5 } });
    expect(list).toMatchObject({ value: { decisions: [{ requestId }] } });
    const one = await api.call("GET /api/decisions/:requestId", { params: { requestId } });
    expect(one).toMatchObject({ value: { decision: { requestId }, replay: { now: expect.any(Number) } } });
    const none = await api.call("GET /api/decisions/:requestId", { params: { requestId: "none" } });
    expect(none).toMatchObject({ status: 404, error: { code: "DECISION_NOT_FOUND" } });
    const alias = await api.call("GET /api/decisions", { query: { alias: "nobody" } });
    expect(alias).toMatchObject({ value: { decisions: [] } });
  });

  it("ACC-08: a change of another process is in the next state, told without being asked for", async () => {
    await using api = await createApiRig(TWO);
    const other = (await openPool({ env: api.rig.env }))._unsafeUnwrap();
    const events = await eventsUntil(
      api,
      (all) =>
        all.some(
          ({ event }) => event.type === "state" && event.data.accounts.some(({ enabled }) => !enabled),
        ),
      { onOpen: () => void poolControl(other, { via: "cli" }).disableAccount("home") },
    );
    expect(events.at(-1)?.event).toMatchObject({
      data: { accounts: [{ enabled: true }, { enabled: false, alias: "home" }] },
    });
    await other.close();
  });

  it("ends a force by the clock and tells it, without a request", async () => {
    const time = { now: Date.now() };
    await using api = await createApiRig(TWO, { clock: { now: () => epochMs(time.now) } });
    await api.call("POST /api/force", { body: { alias: "home" } });
    const events = await eventsUntil(
      api,
      (all) => all.some(({ event }) => event.type === "state" && !event.data.force.active),
      { onOpen: () => (time.now += 24 * 3_600_000 + 1) },
    );
    expect(events.at(-1)?.event).toMatchObject({ data: { force: { active: false } } });
  });
});

describe("GET /api/export and POST /api/import", () => {
  it("STO-16: a backup is encrypted, noted, and brings back what was removed; a dry run changes nothing", async () => {
    await using api = await createApiRig(TWO);
    const { call } = api;
    const header = { "x-backup-passphrase": encodeURIComponent(PASSPHRASE) };
    const backup = await call("GET /api/export", { headers: header });
    if (!backup.ok) throw new Error(backup.error.code);
    const text = String(backup.value);
    expect(text).toContain("open-multi-auth-backup");
    for (const { accessToken, refreshToken } of [api.rig.account("work"), api.rig.account("home")]) {
      expect(text).not.toContain(accessToken);
      expect(text).not.toContain(refreshToken);
    }
    expect(await api.rig.pool.audit.read(1)).toMatchObject({ value: [{ action: "backup.export" }] });
    await call("DELETE /api/accounts/:alias", { params: { alias: "home" } });
    const body = { backup: text, passphrase: PASSPHRASE };
    const dry = await call("POST /api/import", { body: { ...body, dryRun: true } });
    expect(dry).toMatchObject({ value: { dryRun: true, added: ["home"], changed: [], removed: [] } });
    expect(api.rig.pool.views().map(({ alias }) => alias)).toEqual(["work"]);
    const done = await call("POST /api/import", { body });
    expect(done).toMatchObject({ value: { dryRun: false, added: ["home"] } });
    expect(api.rig.pool.views().map(({ alias }) => alias)).toEqual(["work", "home"]);
  });

  it("STO-16: says why it cannot be: no passphrase, a weak one, a wrong one, no backup", async () => {
    await using api = await createApiRig(TWO);
    const { call } = api;
    expect(code(await call("GET /api/export"))).toEqual([400, "PASSPHRASE_NEEDED"]);
    expect(code(await call("GET /api/export", { headers: { "x-backup-passphrase": "short" } }))).toEqual([
      400,
      "PASSPHRASE_WEAK",
    ]);
    const backup = await call("GET /api/export", { headers: { "x-backup-passphrase": "long enough" } });
    const text = backup.ok ? String(backup.value) : "";
    expect(code(await call("POST /api/import", { body: { backup: text } }))).toEqual([
      400,
      "PASSPHRASE_NEEDED",
    ]);
    expect(code(await call("POST /api/import", { body: { backup: text, passphrase: "wrong" } }))).toEqual([
      400,
      "PASSPHRASE_WRONG",
    ]);
    expect(code(await call("POST /api/import", { body: { backup: "{}" } }))).toEqual([400, "BACKUP_FOREIGN"]);
    expect(code(await call("POST /api/import", { body: { backup: text.slice(0, 200) } }))).toEqual([
      400,
      "BACKUP_DAMAGED",
    ]);
  });
});

const code = (answer: { ok: boolean; status: number; error?: { code: string } }) => [
  answer.status,
  answer.error?.code,
];
