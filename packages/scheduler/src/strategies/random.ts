import type { Account, Random } from "@open-multi-auth/domain";
import { accountAt, type Field, type Placement } from "./strategy.ts";

/** Every order of the eligible accounts is equally likely. */
export function randomOrder({ eligible, rotation, random }: Field): Placement {
  const first = accountAt(eligible, Math.floor(random.next() * eligible.length));
  const order = (): Account[] => {
    const others = eligible.filter((account) => account !== first);
    return [first, ...shuffled(others, random)];
  };
  return { first, order, rotation };
}

/** Fisher and Yates. */
function shuffled(accounts: readonly Account[], random: Random): Account[] {
  const order: Account[] = [];
  for (const account of accounts) {
    const at = Math.floor(random.next() * (order.length + 1));
    const moved = order[at];
    if (moved) order.push(moved);
    order[at] = account;
  }
  return order;
}
