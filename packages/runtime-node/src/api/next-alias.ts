import { accountsOf, forceOf, type EpochMs, type Settings, type StoreV2 } from "@open-multi-auth/domain";
import { liveSessions, select } from "@open-multi-auth/scheduler";

/**
 * The account that a new conversation would go to now, as far as one process can tell: each has a turn of its own.
 *
 * @returns null where chance decides, or none can serve
 */
export function nextAlias(
  store: StoreV2,
  settings: Settings,
  { now, after }: { readonly now: EpochMs; readonly after: string | undefined },
): string | null {
  if (settings.rotationStrategy === "random") return null;
  const accounts = accountsOf(store);
  const force = forceOf(store);
  const last = accounts.find(({ alias }) => alias === after);
  const { rotation, affinity = NONE } = store;
  const selection = select(
    {
      accounts,
      settings,
      rotation: last ? { ...rotation, last: { id: last.id, addedAt: last.addedAt } } : rotation,
      forced: force && { alias: force.alias, until: force.until },
      ...(settings.rotationStrategy === "headroom" && { sessions: liveSessions(affinity, now) }),
    },
    {},
    now,
    { next: () => 0.5 },
  );
  return selection.kind === "use" ? selection.account.alias : null;
}

const NONE = {};
