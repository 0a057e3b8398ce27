import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, epochMs, failure } from "@open-multi-auth/domain";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { breakDead } from "../src/node/break-dead.ts";
import { createCandidate, isDead, readClaim, type Candidate, type Claim } from "../src/node/claim.ts";
import { contextOf, type Context } from "../src/node/context.ts";
import { createFileLock, removeOwnFile, type FileLock } from "../src/node/index.ts";
import { clock, namesIn, openFilesIn, random, temporaryFolder, until } from "./support.ts";

const TEN_SECONDS = 10_000;
let folder: string;
let path: string;
let lock: FileLock;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, "some.lock");
  lock = createFileLock(path, { clock, random });
});

const acquire = async (deadlineMs = 0) => (await lock.acquire({ deadlineMs }))._unsafeUnwrap();
const leave = (claim: unknown, at = path): Promise<void> =>
  writeFile(at, typeof claim === "string" ? claim : JSON.stringify(claim), { mode: 0o600 });
const contextAt = (ms: number): Context =>
  contextOf({ clock: { now: () => after(clock.now(), ms) }, random });

/** A claim of a process that is gone: another one has its pid. */
async function deadClaim(): Promise<Record<string, unknown>> {
  const own = await acquire();
  const claim = JSON.parse(await readFile(path, "utf8"));
  await own.release();
  return { ...claim, start: "1" };
}

async function candidateFor(context: Context): Promise<Candidate> {
  const candidate = await createCandidate(path, context);
  onTestFinished(() => candidate.handle.close());
  return candidate;
}

describe("a lock that somebody has", () => {
  it("says who has it and for how long it was waited for, and leaves nothing of those who waited", async () => {
    const held = await acquire();
    const startedAt = performance.now();
    const error = (await lock.acquire({ deadlineMs: 30 }))._unsafeUnwrapErr();
    const { waitedMs } = error.details as { waitedMs: number };
    const message = `${path} is held by process ${process.pid}; waited ${waitedMs} ms`;
    expect(error).toEqual(failure("STORE_LOCKED", message, { path, waitedMs, holderPid: process.pid }));
    expect(waitedMs).toBeGreaterThanOrEqual(30);
    expect(waitedMs).toBeLessThanOrEqual(Math.ceil(performance.now() - startedAt));
    expect(await namesIn(folder)).toEqual(["some.lock"]);
    expect(await openFilesIn(folder)).toHaveLength(1);
    await held.release();
    await expect.poll(() => openFilesIn(folder)).toEqual([]);
  });

  it("tells once that it has to be waited for, and not where it is free", async () => {
    let told = 0;
    const onWait = () => void (told += 1);
    const held = (await lock.acquire({ deadlineMs: 0, onWait }))._unsafeUnwrap();
    expect(told).toBe(0);
    expect((await lock.acquire({ deadlineMs: 50, onWait })).isErr()).toBe(true);
    expect(told).toBe(1);
    expect((await lock.acquire({ deadlineMs: 50, onWait, afterOthers: true })).isErr()).toBe(true);
    expect(told).toBe(2);
    await held.release();
    // Whoever lets others go first waits, too.
    await (await lock.acquire({ deadlineMs: 0, onWait, afterOthers: true }))._unsafeUnwrap().release();
    expect(told).toBe(3);
  });

  it("goes to who waits when its holder dies, which touches nothing, however unlucky the pauses between tries", async () => {
    const holder = spawn("sleep", ["60"]);
    const exited = once(holder, "exit");
    onTestFinished(() => void holder.kill("SIGKILL"));
    const stat = await readFile(`/proc/${holder.pid}/stat`, "utf8");
    await leave({ ...(await deadClaim()), pid: holder.pid, start: stat.split(") ")[1]?.split(" ")[19] });
    let drawn = 0;
    const unlucky = { next: () => ((drawn += 1), 0.000_1) };
    const waiting = createFileLock(path, { clock, random: unlucky }).acquire({ deadlineMs: 50_000 });
    // One for its name, and one for each try after the second: by then it has seen that the holder lives.
    await until(() => drawn > 2);
    holder.kill("SIGKILL");
    await exited;
    await (await waiting)._unsafeUnwrap().release();
    expect(await namesIn(folder)).toEqual([]);
  });

  it("is not waited for any longer when its folder goes", async () => {
    await acquire();
    const waiting = lock.acquire({ deadlineMs: 50_000 });
    await until(async () => (await namesIn(folder)).length === 2);
    await rm(folder, { recursive: true });
    const error = (await waiting)._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: "STORE_UNWRITABLE", details: { path, errno: "ENOENT" } });
    expect(error.message).toMatch(`cannot write ${path}: ENOENT`);
    expect(await openFilesIn(folder)).toHaveLength(1);
  });

  it("is given back in peace when it, or its whole folder, is gone", async () => {
    const held = await acquire();
    await unlink(path);
    await held.release();
    await expect.poll(() => openFilesIn(folder)).toEqual([]);
    const again = await acquire();
    await rm(folder, { recursive: true });
    expect(await again.isWanted()).toBe(false);
    await again.release();
    await expect.poll(() => openFilesIn(folder)).toEqual([]);
  });
});

describe("a claim that cannot be understood", () => {
  const wrong: [string, (claim: Record<string, unknown>) => unknown][] = [
    ["no JSON", () => "{"],
    ["nothing", () => null],
    ["a number", () => 7],
    ["without a token", (claim) => ({ ...claim, token: undefined })],
    ["with a token that is no text", (claim) => ({ ...claim, token: 7 })],
    ["with a token that leads elsewhere", (claim) => ({ ...claim, token: "../../escaped" })],
    ["without a pid", (claim) => ({ ...claim, pid: undefined })],
    ["with a pid that is a text", (claim) => ({ ...claim, pid: "1" })],
    ["with a broken pid", (claim) => ({ ...claim, pid: 1.5 })],
    ["with a start that is no text", (claim) => ({ ...claim, start: 1 })],
    ["with a host that is no text", (claim) => ({ ...claim, host: 1 })],
  ];

  it.each(wrong)("%s: is left to whoever it is of until it is old", async (_, make) => {
    await leave(make(await deadClaim()));
    const before = await readFile(path, "utf8");
    const error = (await lock.acquire({ deadlineMs: 0 }))._unsafeUnwrapErr();
    const { waitedMs } = error.details as { waitedMs: number };
    const message = `${path} is held by another process; waited ${waitedMs} ms`;
    expect(error).toStrictEqual(failure("STORE_LOCKED", message, { path, waitedMs }));
    expect(await readFile(path, "utf8")).toBe(before);
    const longAgo = clock.now() / 1000 - 11;
    await utimes(path, longAgo, longAgo);
    await (await acquire()).release();
    expect(await namesIn(folder)).toEqual([]);
  });

  it("is old after ten seconds, and not before", async () => {
    const claim: Claim = { token: "", owner: undefined, touchedAt: epochMs(5) };
    const deadAt = (ms: number) => isDead(claim, contextOf({ clock: { now: () => epochMs(ms) }, random }));
    expect(await deadAt(5 + TEN_SECONDS)).toBe(false);
    expect(await deadAt(5 + TEN_SECONDS + 1)).toBe(true);
  });

  it("is told apart from the next one: who comes late breaks nothing", async () => {
    const late = contextAt(2 * TEN_SECONDS);
    await leave("{");
    const dead = await readClaim(path, late);
    await unlink(path);
    await leave("[", join(folder, "keeps the inode number of the first one from it"));
    await leave("[");
    expect(await breakDead(path, dead!, await candidateFor(late), late)).toBe(true);
    expect(await readFile(path, "utf8")).toBe("[");
    expect(await openFilesIn(folder)).toHaveLength(1);
  });
});

describe("breaking a dead claim", () => {
  it("leaves one that was touched meanwhile", async () => {
    const late = contextAt(2 * TEN_SECONDS);
    await leave({ ...(await deadClaim()), host: "elsewhere" });
    const dead = await readClaim(path, late);
    await utimes(path, late.clock.now() / 1000, late.clock.now() / 1000);
    expect(await breakDead(path, dead!, await candidateFor(late), late)).toBe(true);
    expect(await namesIn(folder)).toContain("some.lock");
  });

  it("is done where the claim is gone already, and leaves no breaker", async () => {
    const context = contextAt(0);
    await leave(await deadClaim());
    const dead = await readClaim(path, context);
    await unlink(path);
    const candidate = await candidateFor(context);
    expect(await breakDead(path, dead!, candidate, context)).toBe(true);
    await candidate.discard();
    expect(await namesIn(folder)).toEqual([]);
  });

  it("is done where another process has just done it", async () => {
    const context = contextAt(0);
    await leave(await deadClaim());
    const dead = await readClaim(path, context);
    // Its breaker was there when ours was refused, and is gone since.
    const refused: Candidate = { ...(await candidateFor(context)), linkTo: async () => false };
    expect(await breakDead(path, dead!, refused, context)).toBe(true);
  });
});

it("a file that may be gone already is removed in peace; what is no file is told", async () => {
  const file = join(folder, "own");
  await writeFile(file, "");
  expect((await removeOwnFile(file)).isOk()).toBe(true);
  expect((await removeOwnFile(file)).isOk()).toBe(true);
  await mkdir(file);
  const error = (await removeOwnFile(file))._unsafeUnwrapErr();
  expect(error).toMatchObject({ code: "STORE_UNWRITABLE", details: { path: file } });
  expect(error.message).toMatch(`cannot write ${file}: `);
});
