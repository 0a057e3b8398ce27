import { basename } from "node:path";
import { isDead, readClaim, removeIfThere, type Candidate, type Claim } from "./claim.ts";
import type { Context } from "./context.ts";

/**
 * Removes the claim of a dead holder from `path`. True when the name may be free now; false when another live process is at it.
 *
 * Unlinking what one believes to be dead is the classic mistake: between the look and the unlink another waiter may
 * have removed it and taken the lock, and the unlink hits that living claim. So the right to remove the claim with
 * token T is itself taken exclusively, as the file `<lock>.break.<T>`, and the claim is read again under it:
 *
 * 1. While a live process holds the breaker of T nobody else unlinks the claim of T: waiters need that breaker, and
 *    the claim's owner is dead. So between the second look and the unlink the claim cannot change.
 * 2. Tokens never return. A waiter that comes late with an old T finds another token at the second look and leaves.
 * 3. A breaker whose owner died is a dead claim at another path, and is removed by these same rules, one level
 *    deeper. Each level costs one killed process, so the recursion ends; at the deepest level the breaker was
 *    never broken, so it is exclusive, and by 1 and 2 so is every level above.
 */
export async function breakDead(
  path: string,
  dead: Claim,
  candidate: Candidate,
  context: Context,
): Promise<boolean> {
  const breaker = breakerOf(path, dead.token);
  if (!(await candidate.linkTo(breaker))) return breakBreaker(breaker, candidate, context);
  try {
    const now = await readClaim(path, context);
    if (now?.token === dead.token && (await isDead(now, context))) await removeIfThere(path);
    return true;
  } finally {
    await removeIfThere(breaker);
  }
}

async function breakBreaker(breaker: string, candidate: Candidate, context: Context): Promise<boolean> {
  const claim = await readClaim(breaker, context);
  if (claim === undefined) return true;
  return (await isDead(claim, context)) && (await breakDead(breaker, claim, candidate, context));
}

const breakerOf = (path: string, token: string): string =>
  basename(path).includes(".break.") ? `${path}.${token}` : `${path}.break.${token}`;
