import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PRESETS, SETTINGS_DEFAULTS, settingsViewSchema, type DecisionRecord } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { openPool, poolControl } from "../src/index.ts";
import { another, showsWithinASecond } from "./another.ts";
import { storeOnDisk } from "./disk.ts";
import { createRig, ENDLESS, nextTurn, type Rig } from "./rig.ts";

const ANN = { via: "cli", user: "ann" } as const;
const TWO = [
  { alias: "work", percentPerRequest: ENDLESS },
  { alias: "home", percentPerRequest: ENDLESS },
];
const PREFIX = "OPENCODE_MULTI_AUTH_";

describe("settings of a running pool", () => {
  it("SET-09: a change takes effect on the next selection, and none in between is inconsistent", async () => {
    await using rig = await createRig(TWO);
    const control = poolControl(rig.pool, ANN);
    // Read back from the records, so that a mixture of both would show.
    const states = [
      {
        rotationStrategy: "weighted-round-robin",
        criticalThreshold: 1,
        accountWeights: { work: 0.25, home: 0.5 },
      },
      { rotationStrategy: "least-used", criticalThreshold: 2, accountWeights: { work: 1, home: 0.125 } },
      { rotationStrategy: "least-used", criticalThreshold: 3, accountWeights: { work: 1, home: 0.125 } },
    ];
    (await control.changeSettings(states[0]))._unsafeUnwrap();
    let running = true;
    const rotation = Array.from({ length: 2 }, async () => {
      while (running) await rig.ask();
    });
    for (let round = 0; round < 9; round++) {
      const state = states[(round + 1) % 3]!;
      (await control.changeSettings(state))._unsafeUnwrap();
      // No request of the others can come between: this one is selected before the event loop turns.
      const conversation = `ses_next_${round}`;
      await rig.ask(conversation);
      expect(seenIn(await recordOf(rig, conversation))).toEqual(state);
    }
    running = false;
    await Promise.all(rotation);
    const records = await recordsOf(rig);
    expect(records.length).toBeGreaterThan(16);
    for (const record of records) expect(states).toContainEqual(seenIn(record));
  });

  it("SET-09: a change made by another process is used here within a second, all of it at once", async () => {
    await using rig = await createRig(TWO);
    const strategies = new Set<string>();
    let asking = true;
    const rotation = (async () => {
      while (asking) await rig.ask();
    })();
    const patch = { rotationStrategy: "random", criticalThreshold: 1, accountWeights: { work: 0.5 } };
    const writtenAt = await another(rig, "settings", JSON.stringify(patch));
    await showsWithinASecond(writtenAt, () => rig.pool.settings().settings.rotationStrategy === "random");
    await rig.ask("ses_after");
    asking = false;
    await rotation;
    for (const record of await recordsOf(rig)) {
      strategies.add(record.strategy);
      const { accountWeights, criticalThreshold } = seenIn(record);
      const isNew = record.strategy === "random";
      expect([accountWeights, criticalThreshold]).toEqual(
        isNew ? [{ work: 0.5 }, 1] : [undefined, undefined],
      );
    }
    const later = (await recordsOf(rig)).find(({ sessionId }) => sessionId === "ses_after");
    expect(later?.strategy).toBe("random");
    expect(strategies).toEqual(new Set(["round-robin", "random"]));
  });

  it("SET-01: shows each effective value with the layer that it came from", async () => {
    await using rig = await createRig(TWO);
    (
      await poolControl(rig.pool, ANN).changeSettings({
        criticalThreshold: 1,
        lowThreshold: 50,
        minWeight: 0.5,
      })
    )._unsafeUnwrap();
    const env = { ...rig.env, [`${PREFIX}CRITICAL_THRESHOLD`]: "3", [`${PREFIX}ANTIGRAVITY_ENABLED`]: "1" };
    const runtimeSettings = {
      criticalThreshold: 2,
      sessionAffinity: "off",
      rotationStrategy: "random",
    } as const;
    const pool = (await openPool({ env, runtimeSettings }))._unsafeUnwrap();
    const view = poolControl(pool, ANN).settings();
    (await pool.close())._unsafeUnwrap();
    expect(settingsViewSchema.strict().safeParse(view).error).toBeUndefined();
    expect(view).toMatchObject({
      settings: {
        criticalThreshold: 3,
        lowThreshold: 50,
        sessionAffinity: "off",
        rotationStrategy: "random",
        minWeight: 0.5,
        maxTransientAttempts: 3,
        featureFlags: { antigravityEnabled: true },
      },
      origins: {
        criticalThreshold: "environment",
        featureFlags: "environment",
        sessionAffinity: "runtime",
        rotationStrategy: "runtime",
        lowThreshold: "persisted",
        minWeight: "persisted",
        maxTransientAttempts: "default",
      },
      shares: { work: 0.5, home: 0.5 },
    });
  });

  it("SET-02: refuses as a whole: nothing of it is in memory, on disk or in the audit log", async () => {
    await using rig = await createRig(TWO);
    const control = poolControl(rig.pool, ANN);
    const before = await storeOnDisk(rig);
    const refused = await control.changeSettings({ minWeight: 0.5, criticalThreshold: 30 });
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      code: "VALIDATION_ERROR",
      message: "criticalThreshold must be below lowThreshold (30)",
    });
    expect(control.settings().settings).toEqual(SETTINGS_DEFAULTS);
    expect(await storeOnDisk(rig)).toEqual(before);
    expect((await rig.pool.audit.read(9))._unsafeUnwrap()).toEqual([]);
  });

  it("SET-11: reset deletes what is persisted; the presets that went before were checked like any change", async () => {
    await using rig = await createRig(TWO);
    const control = poolControl(rig.pool, ANN);
    for (const name of Object.keys(PRESETS)) (await control.applyPreset(name))._unsafeUnwrap();
    expect((await storeOnDisk(rig)).settings).toEqual({ criticalThreshold: 20, lowThreshold: 40 });
    const view = (await control.resetSettings())._unsafeUnwrap();
    expect(view.settings).toEqual(SETTINGS_DEFAULTS);
    expect(await storeOnDisk(rig)).toMatchObject({ settings: {}, rotationStrategy: "round-robin" });
  });
});

describe("the audit log", () => {
  it("says who changed what and when, from what to what, in a file for the person alone", async () => {
    await using rig = await createRig(TWO);
    const control = poolControl(rig.pool, ANN);
    const before = Date.now();
    (await control.applyPreset("aggressive"))._unsafeUnwrap();
    (await control.applyPreset("aggressive"))._unsafeUnwrap();
    (await control.changeFeatureFlags({ antigravityEnabled: true }))._unsafeUnwrap();
    (await control.disableAccount("work", { reason: "holiday" }))._unsafeUnwrap();
    (await control.enableAccount("work"))._unsafeUnwrap();
    (await poolControl(rig.pool, { via: "dashboard", user: "bob" }).resetSettings())._unsafeUnwrap();
    const entries = (await rig.pool.audit.read(10))._unsafeUnwrap().toReversed();
    expect(entries.map(({ actor, action }) => [actor.via, actor.user, action])).toEqual([
      ["cli", "ann", "settings.preset"],
      ["cli", "ann", "flags.change"],
      ["cli", "ann", "account.disable"],
      ["cli", "ann", "account.enable"],
      ["dashboard", "bob", "settings.reset"],
    ]);
    expect(entries[0]?.changes).toEqual([
      { field: "settings.criticalThreshold", from: null, to: 20 },
      { field: "settings.lowThreshold", from: null, to: 40 },
    ]);
    expect(entries[2]?.changes).toEqual([
      { field: "accounts.work.enabled", from: true, to: false },
      { field: "accounts.work.disableReason", from: null, to: "holiday" },
    ]);
    for (const { at } of entries) expect(at).toBeGreaterThanOrEqual(before);
    const file = join(rig.pool.paths.folder, "audit.jsonl");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, "utf8");
    for (const secret of Object.values(rig.sim.tokensOf("work"))) expect(text).not.toContain(String(secret));
  });

  it("CON-15: is no condition: what cannot be noted is done all the same, and told", async () => {
    await using rig = await createRig(TWO);
    // A folder stands where the file should be.
    await mkdir(join(rig.pool.paths.folder, "audit.jsonl"));
    const control = poolControl(rig.pool, ANN);
    expect((await control.changeSettings({ minWeight: 0.5 }))._unsafeUnwrap().settings.minWeight).toBe(0.5);
    expect((await storeOnDisk(rig)).settings).toEqual({ minWeight: 0.5 });
    expect(rig.problems).toHaveLength(1);
  });
});

async function recordsOf(rig: Rig): Promise<DecisionRecord[]> {
  return (await rig.pool.decisions.read(10_000))._unsafeUnwrap();
}

/** Waits for it: a record is made once the answer has been read to its end. */
async function recordOf(rig: Rig, conversation: string): Promise<DecisionRecord> {
  for (;;) {
    const record = (await recordsOf(rig)).find(({ sessionId }) => sessionId === conversation);
    if (record !== undefined) return record;
    await nextTurn();
  }
}

function seenIn({ strategy, replay }: DecisionRecord) {
  const { criticalThreshold, accountWeights } = replay["settings"] as Record<string, unknown>;
  return { rotationStrategy: strategy, criticalThreshold, accountWeights };
}
