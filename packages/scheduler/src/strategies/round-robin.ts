import type { Account, RotationState } from "@open-multi-auth/domain";
import type { Field, Placement } from "./strategy.ts";

/**
 * The next eligible account after the one placed last, in the order of linking.
 *
 * The place is held as a point in that order, not as an index, so accounts that come, go or rest move nobody's turn.
 * A process begins where the count of placements so far points.
 */
export function roundRobin({ eligible, rotation }: Field): Placement {
  const start = rotation.last
    ? Math.max(
        0,
        eligible.findIndex((account) => follows(account, rotation.last)),
      )
    : rotation.cursor % eligible.length;
  const order = start === 0 ? eligible : [...eligible.slice(start), ...eligible.slice(0, start)];
  const [first] = order;
  const last = first && { id: first.id, addedAt: first.addedAt };
  return { order, rotation: { ...rotation, cursor: rotation.cursor + 1, ...(last && { last }) } };
}

function follows(account: Account, last: RotationState["last"]): boolean {
  if (!last) return true;
  return account.addedAt === last.addedAt ? account.id > last.id : account.addedAt > last.addedAt;
}
