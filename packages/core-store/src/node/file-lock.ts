import { lstat, readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { failure, type Clock, type DurationMs, type Random } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { LockError } from "../errors.ts";
import { breakDead } from "./break-dead.ts";
import {
  createCandidate,
  isDead,
  readClaim,
  removeIfThere,
  touch,
  type Candidate,
  type Claim,
} from "./claim.ts";
import { contextOf, type Context } from "./context.ts";
import { errnoOf, Fault, lockErrorOf } from "./fault.ts";
import { untilTouched } from "./until-touched.ts";

const HEARTBEAT_MS = 2500;
const RELEASE_AGAIN_MS = 100;
/** Who waits is woken when the lock is given back; it tries by itself in case it was not told. */
const UNTOLD_MS = 64;
/** Who was woken in vain has many beside him: together they must not keep the holder from its work. */
const LONGEST_REST_MS = 128;
const REST_GROWTH = 2;
/** Long enough for all who wait to have been woken. */
const OTHERS_FIRST_MS = 4;
/** Trying is cheap; looking whether the holder lives is not, and seldom needed of one that lived a while ago. */
const SECOND_LOOK_MS = 25;
const LOOK_EVERY_MS = 200;

/** An exclusive claim over all processes. */
export interface Held {
  /** Gives it back; nothing is left behind. Never rejects. */
  release(): Promise<void>;
  /** Whether others seem to wait for it. Never rejects. */
  isWanted(): Promise<boolean>;
}

interface AcquireOptions {
  readonly deadlineMs: DurationMs;
  readonly onWait?: () => void;
  readonly afterOthers?: boolean;
}

/** A lock that a file stands for. */
export interface FileLock {
  /**
   * Waits for the lock, without blocking the event loop.
   *
   * A holder that was killed is taken over within milliseconds. One on another host or in another container cannot
   * be asked: it counts as gone when its claim was not touched for 10 seconds (a living holder touches it).
   *
   * @param options.deadlineMs how long to wait before `STORE_LOCKED`; 0 tries once
   * @param options.onWait called once if another holder has it
   * @param options.afterOthers lets those who wait already go first
   */
  acquire(options: AcquireOptions): ResultAsync<Held, LockError>;
}

/**
 * An exclusive lock across processes, held by a file.
 *
 * @param path the lock file; its folder must exist, be ours and support hard links
 */
export const createFileLock = (
  path: string,
  deps: { readonly clock: Clock; readonly random: Random },
): FileLock => lockIn(path, contextOf(deps));

/** {@link createFileLock} in surroundings of one's own. */
export const lockIn = (path: string, context: Context): FileLock => ({
  acquire: (options) => ResultAsync.fromPromise(acquire(path, options, context), lockErrorOf),
});

async function acquire(path: string, options: AcquireOptions, context: Context): Promise<Held> {
  const candidate = await createCandidate(path, context);
  try {
    await waitFor(path, options, candidate, context);
    // If the disk refuses now, the release tries again.
    await Promise.allSettled([candidate.discard()]);
    return held(path, candidate, context);
  } catch (thrown) {
    await Promise.allSettled([candidate.discard(), candidate.handle.close()]);
    throw thrown;
  }
}

async function waitFor(
  path: string,
  { deadlineMs, onWait, afterOthers = false }: AcquireOptions,
  candidate: Candidate,
  context: Context,
): Promise<void> {
  const startedAt = performance.now();
  let lookAt = startedAt;
  let looks = 0;
  if (afterOthers) {
    onWait?.();
    await pause(OTHERS_FIRST_MS);
  }
  for (let round = 0; !(await candidate.linkTo(path)); round += 1) {
    if (round === 0 && !afterOthers) onWait?.();
    const now = performance.now();
    const leftMs = startedAt + deadlineMs - now;
    const isLast = leftMs <= 0;
    if (isLast || now >= lookAt) {
      lookAt = now + Math.min(SECOND_LOOK_MS * 2 ** looks, LOOK_EVERY_MS);
      looks += 1;
      const claim = await readClaim(path, context);
      if (claim === undefined) continue;
      if ((await isDead(claim, context)) && (await breakDead(path, claim, candidate, context))) continue;
      if (isLast) throw locked(path, claim, Math.round(now - startedAt));
    }
    if (round > 0) await pause(Math.min(REST_GROWTH ** (round + 1), LONGEST_REST_MS) * context.random.next());
    await untilTouched(path, Math.min(leftMs, UNTOLD_MS));
  }
}

function held(path: string, { handle, ino, discard }: Candidate, context: Context): Held {
  // Touched through the handle: the file stays ours even if the name were taken from us.
  const heartbeat = setInterval(() => void touch(handle, context).catch(() => undefined), HEARTBEAT_MS);
  heartbeat.unref();
  // A holder that was suspended on another host may have been judged gone: the name is no longer ours then.
  const isOurs = async (): Promise<boolean> =>
    lstat(path, { bigint: true }).then(
      (there) => there.ino === ino,
      (thrown: unknown) => errnoOf(thrown) !== "ENOENT" && Promise.reject(thrown),
    );
  const giveBack = async (): Promise<void> => {
    if (await isOurs()) await removeIfThere(path);
    await discard();
  };
  const release = async (): Promise<void> => {
    clearInterval(heartbeat);
    try {
      await giveBack();
    } catch {
      // While we live nobody else may take it from us, so we try until the disk allows it.
      setTimeout(() => void release(), RELEASE_AGAIN_MS).unref();
      return;
    }
    await Promise.allSettled([handle.close()]);
  };
  return { release, isWanted: () => isWanted(path) };
}

/** Whoever waits has a candidate beside the lock. */
async function isWanted(path: string): Promise<boolean> {
  const names = await readdir(dirname(path)).catch((): string[] => []);
  return names.some((name) => name.startsWith(`${basename(path)}.tmp-`));
}

function locked(path: string, claim: Claim, waitedMs: number): Fault {
  const holderPid = claim.owner?.pid;
  const who = holderPid === undefined ? "another process" : `process ${holderPid}`;
  return new Fault(
    failure("STORE_LOCKED", `${path} is held by ${who}; waited ${waitedMs} ms`, {
      path,
      waitedMs,
      ...(holderPid === undefined ? {} : { holderPid }),
    }),
  );
}
