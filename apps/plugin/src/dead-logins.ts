import { accountsOf, type AccountId, type StoreV2 } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";
import type { Announcer } from "./announcer.ts";

/**
 * Tells of every account whose login is dead, once each: of those that are so now, and of one that becomes so, in
 * whichever process that shows.
 *
 * @returns ends it
 */
export function announceDeadLogins(
  store: Pick<Pool["store"], "state" | "subscribe">,
  announcer: Announcer,
): () => void {
  let told: ReadonlySet<AccountId> = new Set();
  const look = (state: StoreV2): void => {
    const dead = accountsOf(state).filter(({ enabled, authInvalid }) => enabled && authInvalid === true);
    for (const { id, alias } of dead) {
      if (!told.has(id))
        announcer.toast(
          "warning",
          `The account "${alias}" needs a new login and is not used. Run: oma doctor`,
        );
    }
    told = new Set(dead.map(({ id }) => id));
  };
  look(store.state());
  return store.subscribe(look);
}
