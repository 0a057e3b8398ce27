import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createCandidate, isDead, readClaim, removeIfThere, type Claim } from "./claim.ts";
import { breakDead } from "./break-dead.ts";
import type { Context } from "./context.ts";
import { liveness } from "./owner.ts";
import { ownerOfToken } from "./token.ts";

/** Far longer than any write takes: what another host has not finished by then, it will not. */
const FOREIGN_TEMP_MS = 10 * 60_000;

/**
 * Removes what killed processes left in a folder: temporary files (they may hold tokens), locks and lock breakers.
 *
 * Best effort: what cannot be removed, in a read-only folder say, does no harm.
 */
export async function sweep(folder: string, context: Context): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  // One after the other: a claim of ours in the way of another would look like a living process at work.
  for (const name of names) await Promise.allSettled([sweepOne(folder, name, context)]);
}

async function sweepOne(folder: string, name: string, context: Context): Promise<void> {
  const path = join(folder, name);
  const token = /\.tmp-(?<token>[^.]+)$/.exec(name)?.groups?.["token"];
  if (token !== undefined) {
    if (await isAbandoned(path, token, context)) await removeIfThere(path);
  } else if (/\.lock$|\.break\.[^.]+/.test(name)) await sweepClaim(path, context);
}

async function isAbandoned(path: string, token: string, { clock }: Context): Promise<boolean> {
  const owner = ownerOfToken(token);
  if (owner === undefined) return false;
  const state = await liveness(owner);
  if (state !== "foreign") return state === "dead";
  return (await stat(path)).mtimeMs + FOREIGN_TEMP_MS < clock.now();
}

async function sweepClaim(path: string, context: Context): Promise<void> {
  if ((await deadClaim(path, context)) === undefined) return;
  const candidate = await createCandidate(path, context);
  try {
    // Where a breaker stood in the way, only that is gone after one round.
    for (
      let claim = await deadClaim(path, context);
      claim !== undefined;
      claim = await deadClaim(path, context)
    ) {
      if (!(await breakDead(path, claim, candidate, context))) return;
    }
  } finally {
    await Promise.allSettled([candidate.discard(), candidate.handle.close()]);
  }
}

/** What names no owner is left alone: it may be the lock file of another tool. */
async function deadClaim(path: string, context: Context): Promise<Claim | undefined> {
  const claim = await readClaim(path, context);
  return claim?.owner !== undefined && (await isDead(claim, context)) ? claim : undefined;
}
