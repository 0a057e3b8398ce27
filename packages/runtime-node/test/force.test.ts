import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  after,
  epochMs,
  FORCE_MS,
  type Clock,
  type DecisionRecord,
  type DurationMs,
  type StoreV2,
} from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { openPool, poolControl, type Pool } from "../src/index.ts";
import { storeOnDisk } from "./disk.ts";
import { createRig, ENDLESS, type Rig } from "./rig.ts";

const SCRIPT = fileURLToPath(new URL("control-process.ts", import.meta.url));
const ANN = { via: "cli", user: "ann" } as const;
const THREE = ["work", "home", "spare"].map((alias) => ({ alias, percentPerRequest: ENDLESS }));
const MINUTE = 60_000;

describe("force mode of a serving pool", () => {
  it("FRC-09: FRC-01: FRC-04: is activated, used over a restart, and expires, on a controlled clock", async () => {
    const time = controlledClock();
    await using rig = await createRig(THREE, {}, undefined, { clock: time.clock });
    const control = poolControl(rig.pool, ANN);
    (await control.changeSettings({ rotationStrategy: "least-used" }))._unsafeUnwrap();
    const until = after(time.clock.now(), FORCE_MS);
    expect((await control.activateForce("home"))._unsafeUnwrap()).toMatchObject({
      active: true,
      alias: "home",
    });
    await expectServedBy(rig, "home", 3);

    time.advance(FORCE_MS / 2);
    (await control.activateForce("home"))._unsafeUnwrap();
    (await rig.pool.flush())._unsafeUnwrap();
    const later = (await openPool({ env: rig.env, clock: time.clock }))._unsafeUnwrap();
    expect(later.state()).toMatchObject({
      forcedAlias: "home",
      forcedUntil: until,
      forcedBy: ANN,
      previousRotationStrategy: "least-used",
    });
    (await later.close())._unsafeUnwrap();

    time.advance(FORCE_MS / 2 - 1);
    await expectServedBy(rig, "home", 2);
    expect(control.force().active).toBe(true);
    time.advance(1);
    expect(await servedBy(rig, 4)).toContain("spare");
    expect(control.force()).toEqual({ active: false, strategy: "least-used" });
    (await rig.pool.flush())._unsafeUnwrap();
    expect(await storeOnDisk(rig)).toMatchObject({ ...NOT_FORCED, rotationStrategy: "least-used" });
    expect((await ends(rig.pool)).map(({ reason }) => reason)).toEqual(["expired"]);
    const seen = (await recordsOf(rig, 9)).map(({ forceState, why }) => `${forceState.active}, ${why}`);
    expect(seen.toReversed()).toEqual([
      ...Array.from({ length: 5 }, () => "true, forced"),
      ...Array.from({ length: 4 }, () => "false, strategy"),
    ]);

    const fresh = (await control.activateForce("home"))._unsafeUnwrap();
    expect(fresh.until).toBe(new Date(until + FORCE_MS).toISOString());
  });

  it("FRC-08: holds over many requests, and every decision record says so", async () => {
    await using rig = await createRig(THREE);
    const { until } = (await poolControl(rig.pool, ANN).activateForce("spare"))._unsafeUnwrap();
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 10 }, () => rig.ask()));
    }
    expect(rig.sim.log().map(({ alias }) => alias)).toEqual(Array(100).fill("spare"));
    const records = await recordsOf(rig, 100);
    expect(records).toHaveLength(100);
    for (const record of records) {
      expect(record).toMatchObject({
        selectedAlias: "spare",
        why: "forced",
        forceState: { active: true, alias: "spare", until: Date.parse(until ?? "") },
      });
    }
  });

  it("FRC-01: is on disk once it is acknowledged: a killed process loses nothing", async () => {
    await using rig = await createRig(THREE);
    const signal = await new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ["--conditions=@open-multi-auth/source", SCRIPT, "force-and-die", "home"],
        {
          env: { ...process.env, ...rig.env },
        },
      );
      child.on("exit", (_, by) => resolve(by));
    });
    expect(signal).toBe("SIGKILL");
    expect(await storeOnDisk(rig)).toMatchObject({ forcedAlias: "home", forcedBy: ANN });
  });

  it("FRC-03: ends at once when the account's quota is spent; the reason is in the audit log", async () => {
    await using rig = await createRig(THREE);
    const control = poolControl(rig.pool, ANN);
    (await control.changeSettings({ rotationStrategy: "random" }))._unsafeUnwrap();
    (await control.activateForce("home"))._unsafeUnwrap();
    (await control.changeSettings({ rotationStrategy: "weighted-round-robin" }))._unsafeUnwrap();
    expect(rig.pool.settings().settings.rotationStrategy).toBe("random");
    rig.sim.script("home", [{ kind: "usage-limit", times: "always" }]);
    expect((await rig.ask()).text).not.toContain("home");
    expect(rig.pool.store.state()).toMatchObject({ ...NOT_FORCED, rotationStrategy: "weighted-round-robin" });
    (await rig.pool.flush())._unsafeUnwrap();
    expect(await storeOnDisk(rig)).toMatchObject(NOT_FORCED);
    expect(await ends(rig.pool)).toMatchObject([
      {
        action: "force.end",
        reason: "cooling-down",
        actor: { via: "api" },
        changes: expect.arrayContaining([{ field: "forcedAlias", from: "home", to: null }]),
      },
    ]);
    const activation = (await control.activateForce("home"))._unsafeUnwrapErr();
    expect(activation.code).toBe("ACCOUNT_NOT_ELIGIBLE");
  });

  it("FRC-03: a refusal for one model and a failed attempt go past it for that request only", async () => {
    const time = controlledClock();
    await using rig = await createRig(THREE, {}, undefined, { clock: time.clock });
    (await poolControl(rig.pool, ANN).activateForce("home"))._unsafeUnwrap();
    for (const [kind, rest] of [
      ["model-unsupported", 31 * MINUTE],
      ["server-error", MINUTE],
      ["burst", MINUTE],
    ] as const) {
      rig.sim.script("home", [{ kind }]);
      expect((await rig.ask()).text).not.toContain("home");
      expect(rig.pool.state().forcedAlias).toBe("home");
      time.advance(rest);
      await expectServedBy(rig, "home", 2);
    }
    const bypassed = (await recordsOf(rig, 9)).find(({ why }) => why !== "forced");
    expect(bypassed?.forceState).toMatchObject({ active: true, alias: "home" });
    expect(await ends(rig.pool)).toEqual([]);
  });

  it("FRC-03: ACC-13: ends with its account, disabled or removed, and with no dangling alias", async () => {
    await using rig = await createRig(THREE);
    const control = poolControl(rig.pool, ANN);
    (await control.activateForce("home"))._unsafeUnwrap();
    (await control.disableAccount("home", { reason: "holiday" }))._unsafeUnwrap();
    expect(await storeOnDisk(rig)).toMatchObject(NOT_FORCED);
    (await control.activateForce("work"))._unsafeUnwrap();
    (await control.removeAccount("work"))._unsafeUnwrap();
    expect(await storeOnDisk(rig)).toMatchObject(NOT_FORCED);
    await expectServedBy(rig, "spare", 2);
    const entries = (await rig.pool.audit.read(10))._unsafeUnwrap();
    expect(entries.map(({ action }) => action)).toEqual([
      "account.remove",
      "force.activate",
      "account.disable",
      "force.activate",
    ]);
    for (const { changes } of entries) expect(changes.map(({ field }) => field)).toContain("forcedAlias");
  });

  it("FRC-04: two processes that notice the end together note it once", async () => {
    const time = controlledClock();
    await using rig = await createRig(THREE, {}, undefined, { clock: time.clock });
    (await poolControl(rig.pool, ANN).activateForce("home"))._unsafeUnwrap();
    const other = (await openPool({ env: rig.env, clock: time.clock }))._unsafeUnwrap();
    time.advance(FORCE_MS);
    for (const pool of [rig.pool, other]) expect(pool.state().forcedAlias).toBeNull();
    (await other.close())._unsafeUnwrap();
    (await rig.pool.flush())._unsafeUnwrap();
    expect(await ends(rig.pool)).toHaveLength(1);
  });

  it("clearing answers with the strategy that holds again, and is harmless where nothing is forced", async () => {
    await using rig = await createRig(THREE);
    const control = poolControl(rig.pool, ANN);
    expect((await control.clearForce())._unsafeUnwrap()).toEqual({
      alias: null,
      restoredStrategy: "round-robin",
    });
    expect((await rig.pool.audit.read(9))._unsafeUnwrap()).toEqual([]);
    (await control.activateForce("home"))._unsafeUnwrap();
    (await control.changeSettings({ rotationStrategy: "random" }))._unsafeUnwrap();
    expect((await control.clearForce())._unsafeUnwrap()).toEqual({
      alias: "home",
      restoredStrategy: "random",
    });
  });
});

const NOT_FORCED = {
  forcedAlias: null,
  forcedUntil: null,
  forcedBy: null,
  previousRotationStrategy: null,
} satisfies Partial<StoreV2>;

function controlledClock(): { readonly clock: Clock; advance(ms: DurationMs): void } {
  let now = Date.now();
  return { clock: { now: () => epochMs(now) }, advance: (ms) => void (now += ms) };
}

async function servedBy(rig: Rig, times: number): Promise<string[]> {
  const aliases: string[] = [];
  for (let i = 0; i < times; i++)
    aliases.push((await rig.ask()).text.match(/(\w+) answered/)?.[1] ?? "nobody");
  return aliases;
}

async function expectServedBy(rig: Rig, alias: string, times: number): Promise<void> {
  expect(await servedBy(rig, times)).toEqual(Array(times).fill(alias));
}

async function recordsOf(rig: Rig, count: number): Promise<DecisionRecord[]> {
  return (await rig.pool.decisions.read(count))._unsafeUnwrap();
}

async function ends(pool: Pool) {
  return (await pool.audit.read(100))._unsafeUnwrap().filter(({ action }) => action === "force.end");
}
