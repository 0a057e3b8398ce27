import type { Account, RotationState } from "@open-multi-auth/domain";
import { accountAt, type Field, type Placement } from "./strategy.ts";

/**
 * The next eligible account after the one placed last, in the order of linking.
 *
 * The place is held as a point in that order, not as an index, so accounts that come, go or rest move nobody's turn.
 * A process begins where the count of placements so far points.
 */
export function roundRobin({ eligible, rotation }: Field): Placement {
  const start = turnOf(eligible, rotation);
  const first = accountAt(eligible, start);
  const order = (): readonly Account[] => [...eligible.slice(start), ...eligible.slice(0, start)];
  return { first, order, rotation: turned(rotation, first) };
}

/** The index of the account whose turn it is. */
export function turnOf(eligible: readonly Account[], rotation: RotationState): number {
  const { last, cursor } = rotation;
  if (!last) return cursor % eligible.length;
  return Math.max(
    0,
    eligible.findIndex((account) => follows(account, last)),
  );
}

/** The rotation after a turn of `account`. */
export function turned(rotation: RotationState, { id, addedAt }: Account): RotationState {
  return { ...rotation, cursor: rotation.cursor + 1, last: { id, addedAt } };
}

function follows(account: Account, last: NonNullable<RotationState["last"]>): boolean {
  return account.addedAt === last.addedAt ? account.id > last.id : account.addedAt > last.addedAt;
}
