import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createCandidate, isDead, readClaim, removeIfThere } from "./claim.ts";
import { breakDead } from "./break-dead.ts";
import type { Context } from "./context.ts";
import { liveness } from "./owner.ts";
import { ownerOfToken } from "./token.ts";

/** Far longer than any write takes: what another host has not finished by then, it will not. */
const FOREIGN_TEMP_MS = 10 * 60_000;

/**
 * Removes what killed processes left beside a store: temporary files (they hold tokens) and lock breakers.
 *
 * Best effort: what cannot be removed, in a read-only folder say, does no harm.
 */
export async function sweep(file: string, context: Context): Promise<void> {
  const folder = dirname(file);
  const names = await readdir(folder).catch((): string[] => []);
  const ours = names.filter((name) => name.startsWith(`${basename(file)}.`));
  const left = ours.map((name) => sweepOne(join(folder, name), context));
  await Promise.allSettled(left);
}

async function sweepOne(path: string, context: Context): Promise<void> {
  const token = /\.tmp-(?<token>[^.]+)$/.exec(path)?.groups?.["token"];
  if (token !== undefined) {
    if (await isAbandoned(path, token, context)) await removeIfThere(path);
  } else if (path.includes(".break.")) await sweepBreaker(path, context);
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
