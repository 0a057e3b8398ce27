import { emptyStore, type Alias, type EpochMs, type StoreV2 } from "@open-multi-auth/domain";

interface Merging {
  /** Ours before the import. */
  readonly current: StoreV2;
  readonly earlier: StoreV2;
  /** What the earlier store's accounts are called here. */
  readonly names: ReadonlyMap<Alias, Alias>;
  /** Whether ours had no account, so that nothing here was chosen with accounts in mind. */
  readonly fresh: boolean;
  readonly now: EpochMs;
}

/** Takes over settings where nothing was chosen here; weights always, for accounts that had none. */
export function mergeSettings(store: StoreV2, merging: Merging): StoreV2 {
  const { current, earlier, names, fresh } = merging;
  const accountWeights = { ...weights(earlier, names), ...current.settings.accountWeights };
  const settings = {
    ...(fresh && earlier.settings),
    ...current.settings,
    ...(Object.keys(accountWeights).length > 0 && { accountWeights }),
  };
  if (!fresh) return { ...store, settings };
  const chosen = current.rotationStrategy !== emptyStore().rotationStrategy;
  return {
    ...store,
    settings,
    activeAlias: current.activeAlias ?? here(earlier.activeAlias, names),
    rotationStrategy: chosen ? current.rotationStrategy : earlier.rotationStrategy,
    ...force(merging),
  };
}

/** A force that has not ended yet goes on. */
function force({ earlier, names, now }: Merging): Partial<StoreV2> {
  const { forcedUntil, forcedBy, previousRotationStrategy } = earlier;
  const forcedAlias = here(earlier.forcedAlias, names);
  if (forcedAlias === null || forcedUntil === null || forcedUntil <= now) return {};
  return { forcedAlias, forcedUntil, forcedBy, previousRotationStrategy };
}

const here = (alias: Alias | null, names: ReadonlyMap<Alias, Alias>): Alias | null =>
  alias === null ? null : (names.get(alias) ?? null);

function weights({ settings }: StoreV2, names: ReadonlyMap<Alias, Alias>): Record<string, number> {
  const given = new Map(Object.entries(settings.accountWeights ?? {}));
  return Object.fromEntries(
    [...names].flatMap(([from, to]) => {
      const weight = given.get(from);
      return weight === undefined ? [] : [[to, weight]];
    }),
  );
}
