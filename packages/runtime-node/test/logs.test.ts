import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openPool, poolControl, poolLog, poolMetrics, type Pool } from "../src/index.ts";
import { createRig, ENDLESS, prompt, type Rig } from "./rig.ts";

const MOST_BYTES = 5_000_000;

describe("logs of a pool", () => {
  it("OBS-03: decision records rotate at 5 MB, and 5 files are kept", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const folder = join(folderOf(rig), "decisions");
    await fill(folder, "decisions");
    await rig.ask("ses_new");
    (await rig.pool.flush())._unsafeUnwrap();
    await expectBound(folder, "decisions");
    const [newest] = (await rig.pool.decisions.read(1))._unsafeUnwrap();
    expect(newest).toMatchObject({ sessionId: "ses_new" });
  });

  it("OBS-03: so does the audit log", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    await fill(folderOf(rig), "audit");
    const control = poolControl(rig.pool, { via: "api", user: "ann" });
    (await control.changeSettings({ criticalThreshold: 5 }))._unsafeUnwrap();
    await expectBound(folderOf(rig), "audit");
    const [newest] = (await rig.pool.audit.read(1))._unsafeUnwrap();
    expect(newest).toMatchObject({ action: "settings.change" });
  });
});

describe("incidents of a pool", () => {
  it("OBS-03: the log of incidents is bounded alike", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    const folder = join(folderOf(rig), "activity");
    await fill(folder, "incidents");
    rig.pool.incidents.note({ kind: "reauth-needed", level: "warning", alias: "work", message: "told" });
    (await rig.pool.flush())._unsafeUnwrap();
    await expectBound(folder, "incidents");
    const [newest] = (await rig.pool.incidents.read(1))._unsafeUnwrap();
    expect(newest).toMatchObject({ kind: "reauth-needed", alias: "work" });
  });

  it("are what failed in the background, without a secret", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    rig.sim.script("work", [{ kind: "refresh-revoked", times: "always" }], "token");
    rig.sim.expireAccessToken("work");
    await rig.serving.handle(prompt());
    rig.pool.incidents.note({ kind: "problem", level: "error", message: "sent rt_abcdefgh1234" });
    const [noted] = (await rig.pool.incidents.read(1))._unsafeUnwrap();
    expect(noted).toMatchObject({ kind: "problem", level: "error", message: "sent [redacted]" });
  });

  it("a damaged store that was restored is one", async () => {
    await using rig = await createRig([{ alias: "work" }]);
    (await rig.pool.close())._unsafeUnwrap();
    await writeFile(rig.pool.paths.storeFile, "{");
    const pool = await openAgain(rig);
    const entries = (await poolLog(pool).newest({ limit: 1 }))._unsafeUnwrap();
    expect(entries).toMatchObject([
      { source: "incident", level: "warning", message: expect.stringMatching(/^STORE_CORRUPTED: /) },
    ]);
    await pool.close();
  });
});

describe("poolMetrics", () => {
  it("OBS-04: success, failovers, requests per account and added latency, of every process, each counted once", async () => {
    await using rig = await createRig([
      { alias: "work", percentPerRequest: ENDLESS },
      { alias: "home", percentPerRequest: ENDLESS },
    ]);
    rig.sim.script("work", [{ kind: "status", status: 503 }]);
    for (let request = 0; request < 5; request += 1) await rig.ask();
    const other = await openAgain(rig);
    const metrics = poolMetrics(other);
    (await rig.pool.flush())._unsafeUnwrap();
    const first = (await metrics.read())._unsafeUnwrap();
    expect(first).toMatchObject({
      requests: { total: 5, served: 5 },
      successRate: 1,
      failovers: 1,
      interruptionsKept: 1,
      addedLatencyMs: { samples: 5 },
    });
    expect(first.accounts).toMatchObject([
      { alias: "home", failures: {} },
      { alias: "work", failures: { transient: 1 } },
    ]);
    expect(first.accounts.reduce((sum, { requests }) => sum + requests, 0)).toBe(5);
    expect(first.addedLatencyMs.p95).toBeGreaterThanOrEqual(first.addedLatencyMs.p50 ?? Infinity);

    for (const alias of ["work", "home"]) rig.sim.script(alias, [{ kind: "usage-limit" }]);
    await rig.serving.handle(prompt());
    (await rig.pool.flush())._unsafeUnwrap();
    const [second, third] = await Promise.all([metrics.read(), metrics.read()]);
    expect(second._unsafeUnwrap()).toMatchObject({ requests: { total: 6, refused: 1 }, successRate: 5 / 6 });
    expect(third).toEqual(second);
    await other.close();
  });
});

const folderOf = (rig: Rig): string => rig.env["OPENCODE_MULTI_AUTH_STORE_DIR"]!;

const openAgain = async (rig: Rig): Promise<Pool> => (await openPool({ env: rig.env }))._unsafeUnwrap();

/** As a log is just before it becomes full once more: the bound of everything reached. */
async function fill(folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const line = `${JSON.stringify({ filling: "x".repeat(985) })}\n`;
  await writeFile(join(folder, `${name}.jsonl`), line.repeat(MOST_BYTES / line.length));
  for (let at = 1; at <= 4; at += 1) await writeFile(join(folder, `${name}.${at}-1-1.jsonl`), line);
}

async function expectBound(folder: string, name: string): Promise<void> {
  const names = (await readdir(folder)).filter((file) => file.startsWith(`${name}.`));
  expect(names).toHaveLength(5);
  expect(names).not.toContain(`${name}.1-1-1.jsonl`);
  const sizes = await Promise.all(names.map(async (file) => (await stat(join(folder, file))).size));
  expect(Math.max(...sizes)).toBe(MOST_BYTES);
  expect((await stat(join(folder, `${name}.jsonl`))).size).toBeLessThan(10_000);
}
