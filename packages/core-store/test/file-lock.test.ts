import { copyFile, readdir, readFile, rename, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, epochMs } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it } from "vitest";
import { breakDead } from "../src/node/break-dead.ts";
import { createCandidate, isDead, readClaim } from "../src/node/claim.ts";
import { contextOf } from "../src/node/context.ts";
import { createFileLock } from "../src/node/index.ts";
import { clock, namesIn, openTestStore, random, startWorker, temporaryFolder, until } from "./support.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, "some.lock");
});

const acquire = (deadlineMs = 5000, now = clock) =>
  createFileLock(path, { clock: now, random }).acquire({ deadlineMs });

const tokenIn = async (file: string): Promise<string> => JSON.parse(await readFile(file, "utf8")).token;

/** Files at `paths` whose owners, one process each, were killed. */
async function leaveDead(...paths: readonly string[]): Promise<void> {
  const victims = paths.map(() => startWorker());
  for (const [index, victim] of victims.entries())
    await victim.call("lock", { paths: [join(folder, `${index}`)] });
  await Promise.all(victims.map((victim) => victim.kill()));
  for (const [index, target] of paths.entries()) await rename(join(folder, `${index}`), target);
}

describe("createFileLock", () => {
  it("leaves nothing behind when it is released", async () => {
    const held = (await acquire())._unsafeUnwrap();
    expect(await namesIn(folder)).toEqual(["some.lock"]);
    await held.release();
    expect(await namesIn(folder)).toEqual([]);
  });

  it("has one holder at a time within a process, and never blocks its event loop", async () => {
    let inside = 0;
    let most = 0;
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    const enter = async (): Promise<void> => {
      const held = (await acquire())._unsafeUnwrap();
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      await held.release();
    };
    await Promise.all(Array.from({ length: 20 }, enter));
    clearInterval(counting);
    expect(most).toBe(1);
    expect(turns).toBeGreaterThan(0);
  });

  it("tries once when it may not wait", async () => {
    const held = (await acquire(0))._unsafeUnwrap();
    expect((await acquire(0))._unsafeUnwrapErr()).toMatchObject({ code: "STORE_LOCKED" });
    await held.release();
    expect((await acquire(0)).isOk()).toBe(true);
  });

  it("takes over from a holder that is a zombie: killed, but not yet collected by its parent", async () => {
    const holder = startWorker("node", { uncollected: true });
    await holder.call("lock", { paths: [path] });
    const { pid } = JSON.parse(await readFile(path, "utf8"));
    process.kill(pid, "SIGKILL");
    await until(async () => (await readFile(`/proc/${pid}/stat`, "utf8")).includes(") Z "));
    expect((await acquire(0)).isOk()).toBe(true);
  });

  it("does not mistake a later process with the same pid for the holder", async () => {
    const own = (await acquire())._unsafeUnwrap();
    const claim = JSON.parse(await readFile(path, "utf8"));
    await own.release();
    await writeFile(path, JSON.stringify({ ...claim, start: "1" }), { mode: 0o600 });
    expect((await acquire(0)).isOk()).toBe(true);
  });

  it("breaks through breakers whose own owners were killed, and leaves none of them", async () => {
    await leaveDead(path, join(folder, "breaker"), join(folder, "second"));
    const breaker = `${path}.break.${await tokenIn(path)}`;
    await rename(join(folder, "breaker"), breaker);
    await rename(join(folder, "second"), `${breaker}.${await tokenIn(breaker)}`);
    const held = (await acquire())._unsafeUnwrap();
    expect(await namesIn(folder)).toEqual(["some.lock"]);
    await held.release();
    expect(await namesIn(folder)).toEqual([]);
  });

  it("leaves a dead claim to the live process that is breaking it", async () => {
    await leaveDead(path);
    const breaker = `${path}.break.${await tokenIn(path)}`;
    const lock = createFileLock(breaker, { clock, random });
    const breaking = (await lock.acquire({ deadlineMs: 1000 }))._unsafeUnwrap();
    const before = await readFile(path, "utf8");
    expect((await acquire(50))._unsafeUnwrapErr()).toMatchObject({ code: "STORE_LOCKED" });
    expect(await readFile(path, "utf8")).toBe(before);
    await breaking.release();
    expect((await acquire(1000)).isOk()).toBe(true);
  });

  it("does not touch the lock of a successor when it looked at the dead one before", async () => {
    await leaveDead(path);
    const dead = join(folder, "dead");
    await copyFile(path, dead);
    const successor = (await acquire())._unsafeUnwrap();
    const held = await readFile(path, "utf8");
    const context = contextOf({ clock, random });
    const claim = await readClaim(dead, context);
    const candidate = await createCandidate(path, context);
    if (claim !== undefined) await breakDead(path, claim, candidate, context);
    await candidate.discard();
    await candidate.handle.close();
    expect(await readFile(path, "utf8")).toBe(held);
    await successor.release();
    expect(await namesIn(folder)).toEqual(["dead"]);
  });

  it.each([
    ["another host or container", async () => foreignClaim()],
    ["a torn claim", async () => writeFile(path, '{"token"', { mode: 0o600 })],
  ])("judges %s by age alone: 10 seconds", async (_, leave) => {
    await leave();
    expect((await acquire(0))._unsafeUnwrapErr()).toMatchObject({ code: "STORE_LOCKED" });
    const later = { now: () => after(clock.now(), 10_500) };
    expect((await acquire(0, later)).isOk()).toBe(true);
  });

  it("STO-05: a claim that comes of a long wait is young in the eyes of another container", async () => {
    let at = Date.now();
    const moving = { now: () => epochMs(at) };
    const first = (await acquire(0, moving))._unsafeUnwrap();
    const waiting = acquire(5000, moving);
    await until(async () => (await namesIn(folder)).length === 2);
    at += 11_000;
    await first.release();
    const second = (await waiting)._unsafeUnwrap();
    const context = contextOf({ clock: moving, random });
    const seenFromElsewhere = { ...(await readClaim(path, context))!, owner: undefined };
    expect(await isDead(seenFromElsewhere, context)).toBe(false);
    at += 11_000;
    expect(await isDead(seenFromElsewhere, context)).toBe(true);
    await second.release();
  });

  it("tells its holder whether others wait for it", async () => {
    const held = (await acquire())._unsafeUnwrap();
    expect(await held.isWanted()).toBe(false);
    const waiting = acquire();
    await until(async () => held.isWanted());
    await held.release();
    const next = (await waiting)._unsafeUnwrap();
    expect(await next.isWanted()).toBe(false);
    await next.release();
  });

  it("goes to those who wait already, before one who lets them go first", async () => {
    const order: string[] = [];
    const enter = async (name: string, afterOthers: boolean): Promise<void> => {
      const lock = createFileLock(path, { clock, random });
      const held = (await lock.acquire({ deadlineMs: 5000, afterOthers }))._unsafeUnwrap();
      order.push(name);
      await held.release();
    };
    const first = (await acquire())._unsafeUnwrap();
    const waiting = enter("waited", false);
    await until(() => first.isWanted());
    await first.release();
    await Promise.all([enter("let them go first", true), waiting]);
    expect(order).toEqual(["waited", "let them go first"]);
  });

  it("gives back only what is still its own", async () => {
    const held = (await acquire())._unsafeUnwrap();
    await unlink(path);
    const other = (await acquire())._unsafeUnwrap();
    const claim = await readFile(path, "utf8");
    await held.release();
    expect(await readFile(path, "utf8")).toBe(claim);
    await other.release();
  });

  it("sweeps what killed processes left when a store is opened", async () => {
    const victim = startWorker();
    await victim.call("lock", { paths: [join(folder, "held")] });
    await victim.kill();
    const token = await tokenIn(join(folder, "held"));
    await rename(join(folder, "held"), join(folder, `store.json.lock.break.${token}`));
    await writeFile(join(folder, `store.json.tmp-${token}`), "secret", { mode: 0o600 });
    await writeFile(join(folder, `store.json.lkg.tmp-${token}`), "secret", { mode: 0o600 });
    await writeFile(join(folder, `refresh-a.lock.tmp-${token}`), "", { mode: 0o600 });
    const stranger = `store.json.tmp-000000${token.slice(6)}`;
    await writeFile(join(folder, stranger), "being written elsewhere", { mode: 0o600 });
    await openTestStore(folder);
    expect(await readdir(folder)).toEqual(
      expect.not.arrayContaining([expect.stringContaining(token), expect.stringContaining(".break.")]),
    );
    expect(await namesIn(folder)).toContain(stranger);

    const longAgo = clock.now() / 1000 - 3600;
    await utimes(join(folder, stranger), longAgo, longAgo);
    await openTestStore(folder);
    await until(async () => !(await namesIn(folder)).includes(stranger));
  });
});

async function foreignClaim(): Promise<void> {
  const own = (await acquire())._unsafeUnwrap();
  const claim = JSON.parse(await readFile(path, "utf8"));
  await own.release();
  await writeFile(path, JSON.stringify({ ...claim, host: "elsewhere" }), { mode: 0o600 });
  expect(epochMs(claim.pid)).toBe(process.pid);
}
