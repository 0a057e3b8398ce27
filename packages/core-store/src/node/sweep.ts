import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createCandidate, isDead, readClaim, removeIfThere } from "./claim.ts";
import { breakDead } from "./break-dead.ts";
import type { Context } from "./context.ts";
import { liveness } from "./owner.ts";
import { ownerOfToken } from "./token.ts";

/** Far longer than any write takes: what another host has not finished by then, it will not. */
const FOREIGN_TEMP_MS = 10 * 60_000;

/**
 * Removes what killed processes left in a folder: temporary files (they may hold tokens) and lock breakers.
 *
 * Best effort: what cannot be removed, in a read-only folder say, does no harm.
 */
export async function sweep(folder: string, context: Context): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  await Promise.allSettled(names.map((name) => sweepOne(folder, name, context)));
}

async function sweepOne(folder: string, name: string, context: Context): Promise<void> {
  const path = join(folder, name);
  const token = /\.tmp-(?<token>[^.]+)$/.exec(name)?.groups?.["token"];
  if (token !== undefined) {
    if (await isAbandoned(path, token, context)) await removeIfThere(path);
  } else if (/\.break\.[^.]+/.test(name)) await sweepBreaker(path, context);
}

async function isAbandoned(path: string, token: string, { clock }: Context): Promise<boolean> {
  const owner = ownerOfToken(token);
  if (owner === undefined) return false;
  const state = await liveness(owner);
  if (state !== "foreign") return state === "dead";
  return (await stat(path)).mtimeMs + FOREIGN_TEMP_MS < clock.now();
}

async function sweepBreaker(path: string, context: Context): Promise<void> {
  const claim = await readClaim(path, context);
  if (claim === undefined || !(await isDead(claim, context))) return;
  const candidate = await createCandidate(path, context);
  try {
    await breakDead(path, claim, candidate, context);
  } finally {
    await Promise.allSettled([candidate.discard(), candidate.handle.close()]);
  }
}
