import type { Account } from "@open-multi-auth/domain";
import type { Field, Placement } from "./strategy.ts";

/** Every order of the eligible accounts is equally likely (Fisher and Yates). */
export function randomOrder({ eligible, rotation, random }: Field): Placement {
  const order: Account[] = [];
  for (const account of eligible) {
    const at = Math.floor(random.next() * (order.length + 1));
    const moved = order[at];
    if (moved) order.push(moved);
    order[at] = account;
  }
  return { order, rotation };
}
