import { unlink, type FileHandle } from "node:fs/promises";
import { after, epochMs, type EpochMs } from "@open-multi-auth/domain";
import type { Context } from "./context.ts";
import { errnoOf, reading, writing } from "./fault.ts";
import { linkFile } from "./link-file.ts";
import { liveness, thisProcess, type Owner } from "./owner.ts";
import { close, createOwn, openOwn, ownStats } from "./safe-file.ts";
import { isToken, mintToken } from "./token.ts";

/** Age at which a claim whose holder cannot be asked (another host or container, torn content) counts as left behind. */
const FOREIGN_STALE_MS = 10_000;
const TOUCH_AFTER_MS = 1000;

/** What a lock or breaker file says: who holds it, under which unique token. */
export interface Claim {
  readonly token: string;
  readonly owner: Owner | undefined;
  readonly touchedAt: EpochMs;
}

/** A claim of ours, written beforehand under a name of its own, so that it appears elsewhere whole and at once. */
export interface Candidate {
  readonly handle: FileHandle;
  readonly ino: bigint;
  /** Takes the name `path`; false when somebody has it. */
  readonly linkTo: (path: string) => Promise<boolean>;
  /** Removes its own name; the names it was linked to stay. */
  readonly discard: () => Promise<void>;
}

/** Writes a candidate beside the lock it is for. */
export async function createCandidate(lock: string, context: Context): Promise<Candidate> {
  const token = mintToken(context.random);
  const path = `${lock}.tmp-${token}`;
  let touchedAt = context.clock.now();
  const handle = await createOwn(path);
  let there = true;
  const discard = async (): Promise<void> => {
    if (there) await removeIfThere(path);
    there = false;
  };
  try {
    const [{ ino }] = await Promise.all([
      ownStats(path, handle),
      writing(path, handle.writeFile(JSON.stringify({ token, ...thisProcess() }))),
    ]);
    const linkTo = async (target: string): Promise<boolean> => {
      // A link keeps the file's age, and a claim that comes of a long wait must not look left behind at once.
      if (after(touchedAt, TOUCH_AFTER_MS) < context.clock.now()) {
        await writing(path, touch(handle, context));
        touchedAt = context.clock.now();
      }
      return linkFile(path, target);
    };
    return { handle, ino, discard, linkTo };
  } catch (thrown) {
    await Promise.allSettled([handle.close(), discard()]);
    throw thrown;
  }
}

/** Says that the claim's holder lives: for those who can only judge it by its age. */
export async function touch(handle: FileHandle, { clock }: Context): Promise<void> {
  const now = clock.now() / 1000;
  await handle.utimes(now, now);
}

/** Reads the claim at `path`; `undefined` when there is none. */
export async function readClaim(path: string, context: Context): Promise<Claim | undefined> {
  const file = await openOwn(path, context.uid);
  if (file === undefined) return undefined;
  try {
    const text = await reading(path, file.handle.readFile("utf8"));
    const { ino, mtimeNs, mtimeMs } = file.stats;
    const unreadable = { token: `${ino}-${mtimeNs}`, owner: undefined };
    return { ...(parseClaim(text) ?? unreadable), touchedAt: epochMs(Number(mtimeMs)) };
  } finally {
    await close(file.handle);
  }
}

/** Whether the holder is gone for good. */
export async function isDead(claim: Claim, context: Context): Promise<boolean> {
  const state = claim.owner === undefined ? "foreign" : await liveness(claim.owner);
  if (state === "foreign") return after(claim.touchedAt, FOREIGN_STALE_MS) < context.clock.now();
  return state === "dead";
}

/** Unlinks a file, which may be gone already. */
export async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((thrown: unknown) => {
    if (errnoOf(thrown) !== "ENOENT") return writing(path, Promise.reject(thrown));
    return undefined;
  });
}

function parseClaim(text: string): Pick<Claim, "token" | "owner"> | undefined {
  try {
    const { token, pid, start, host }: Record<string, unknown> = JSON.parse(text);
    if (typeof token !== "string" || !isToken(token) || !Number.isSafeInteger(pid)) return undefined;
    if (typeof start !== "string" || typeof host !== "string") return undefined;
    return { token, owner: { pid: Number(pid), start, host } };
  } catch {
    return undefined;
  }
}
