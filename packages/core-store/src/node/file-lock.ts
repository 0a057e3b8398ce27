import { lstat } from "node:fs/promises";
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

const HEARTBEAT_MS = 2500;
const RELEASE_AGAIN_MS = 100;
/** Who has waited for long has many beside him: together they must not keep the holder from its work. */
const LONGEST_PAUSE_MS = 64;
const PAUSE_GROWTH = 1.5;
/** Trying is cheap; looking whether the holder lives is not, and can wait a few tries. */
const ROUNDS_PER_LOOK = 4;

/** An exclusive claim over all processes. */
export interface Held {
  /** Gives it back; nothing is left behind. Never rejects. */
  release(): Promise<void>;
}

interface AcquireOptions {
  readonly deadlineMs: DurationMs;
  readonly onWait?: () => void;
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
  { deadlineMs, onWait }: AcquireOptions,
  candidate: Candidate,
  context: Context,
): Promise<void> {
  const startedAt = performance.now();
  for (let round = 0; !(await candidate.linkTo(path)); round += 1) {
    if (round === 0) onWait?.();
    const waitedMs = performance.now() - startedAt;
    const isLast = waitedMs >= deadlineMs;
    if (isLast || round % ROUNDS_PER_LOOK === 0) {
      const claim = await readClaim(path, context);
      if (claim === undefined) continue;
      if ((await isDead(claim, context)) && (await breakDead(path, claim, candidate, context))) continue;
      if (isLast) throw locked(path, claim, Math.round(waitedMs));
    }
    // The caller awaits this, so the timer keeps the process alive; it ends with the deadline.
    await pause(Math.min(PAUSE_GROWTH ** round, LONGEST_PAUSE_MS) * (0.5 + context.random.next()));
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
  return { release };
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
