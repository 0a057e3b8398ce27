import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seriesViewSchema } from "@open-multi-auth/domain";
import { describe, expect, it, vi } from "vitest";
import { openPool, poolControl, poolSeries, type Pool } from "../src/index.ts";
import { openLimits } from "../src/limits.ts";
import { createRig, ENDLESS, linkAll, type Rig } from "./rig.ts";

const TWO = [
  { alias: "work", percentPerRequest: ENDLESS },
  { alias: "home", percentPerRequest: ENDLESS },
];

describe("poolSeries", () => {
  it("rolls up requests, moves, readings and intended shares of all processes, each once", async () => {
    await using rig = await createRig(TWO);
    await poolControl(rig.pool, { via: "api" }).changeSettings({ accountWeights: { home: 0.25 } });
    rig.sim.script("work", [{ kind: "status", status: 503 }]);
    rig.sim.drain("home", "weekly", 40);
    const limits = openLimits(rig.pool);
    for (const { id } of Object.values(rig.pool.store.state().accounts))
      await limits.probe(id, { maySpendQuota: false });
    for (let request = 0; request < 5; request += 1) await rig.ask();
    (await rig.pool.flush())._unsafeUnwrap();
    const others = await Promise.all([again(rig), again(rig), again(rig)]);
    await Promise.all(others.map((pool) => poolSeries(pool).rollUp()));
    const seen = (await poolSeries(others[0]).read(1))._unsafeUnwrap();
    expect(seriesViewSchema.parse(seen)).toEqual(seen);
    const total = (name: "requests" | "served" | "moved" | "interruptionsKept"): number =>
      seen.hours.reduce((sum, hour) => sum + hour[name], 0);
    expect([total("requests"), total("served"), total("moved"), total("interruptionsKept")]).toEqual([
      5, 5, 1, 1,
    ]);
    const now = seen.hours.at(-1)?.accounts ?? [];
    expect(now.find(({ alias }) => alias === "home")).toMatchObject({ weekly: 60, share: 0.2 });
    expect(now.find(({ alias }) => alias === "work")).toMatchObject({ weekly: 100, share: 0.8 });
    await Promise.all(others.map((pool) => pool.close()));
  });

  it("writes nothing where nothing is new, and goes on where the last process left off", async () => {
    await using rig = await createRig(TWO);
    await rig.ask();
    (await rig.pool.flush())._unsafeUnwrap();
    const file = fileOf(rig);
    (await poolSeries(rig.pool).rollUp())._unsafeUnwrap();
    const written = await stat(file);
    expect(written.mode & 0o777).toBe(0o600);
    (await poolSeries(rig.pool).rollUp())._unsafeUnwrap();
    expect((await stat(file)).ino).toBe(written.ino);
    await rig.ask();
    (await rig.pool.flush())._unsafeUnwrap();
    const { hours } = (await poolSeries(rig.pool).read())._unsafeUnwrap();
    expect(hours.reduce((sum, { requests }) => sum + requests, 0)).toBe(2);
  });

  it("keeps rolling up by itself, first after a minute, until it is told to end", async () => {
    await using rig = await createRig(TWO);
    await rig.ask();
    (await rig.pool.flush())._unsafeUnwrap();
    const planned: { ms: number; run: () => void }[] = [];
    let calledOff = 0;
    const timers = {
      after(ms: number, run: () => void) {
        planned.push({ ms, run });
        return () => void (calledOff += 1);
      },
    };
    const end = poolSeries(rig.pool, { timers, random: { next: () => 0 } }).keep();
    expect(planned.map(({ ms }) => ms)).toEqual([60_000]);
    planned[0]?.run();
    expect(planned[1]?.ms).toBe(300_000);
    await until(async () => (await names(rig)).includes("series.json"));
    end();
    expect(calledOff).toBe(1);
  });

  it("leaves a later version's file alone, and begins anew, with the old kept, where it is broken", async () => {
    await using rig = await createRig(TWO);
    await linkAll(rig);
    await rig.ask();
    const series = poolSeries(rig.pool);
    (await series.rollUp())._unsafeUnwrap();
    const later = JSON.stringify({ version: 2, days: [] });
    await writeFile(fileOf(rig), later);
    (await series.rollUp())._unsafeUnwrap();
    expect(await readFile(fileOf(rig), "utf8")).toBe(later);
    expect((await poolSeries(rig.pool).read())._unsafeUnwrap()).toEqual({ hours: [] });
    await writeFile(fileOf(rig), "{");
    expect((await poolSeries(rig.pool).read())._unsafeUnwrap().hours).not.toEqual([]);
    expect(await names(rig)).toContainEqual(expect.stringMatching(/^series\.json\.corrupt-/));
  });
});

const folderOf = (rig: Rig): string => join(rig.env["OPENCODE_MULTI_AUTH_STORE_DIR"]!, "activity");
const fileOf = (rig: Rig): string => join(folderOf(rig), "series.json");
const names = (rig: Rig): Promise<string[]> => readdir(folderOf(rig)).catch(() => []);

const again = async (rig: Rig): Promise<Pool> => (await openPool({ env: rig.env }))._unsafeUnwrap();

const until = (probe: () => Promise<boolean>): Promise<boolean> =>
  vi.waitUntil(probe, { timeout: 20_000, interval: 20 });
