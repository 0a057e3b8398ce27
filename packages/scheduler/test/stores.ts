import { emptyStore, type Account, type StoreV2 } from "@open-multi-auth/domain";

/** A store of these accounts, with something of it changed. */
export function storeOf(accounts: readonly Account[], change: Partial<StoreV2> = {}): StoreV2 {
  return {
    ...emptyStore(),
    accounts: Object.fromEntries(accounts.map((one) => [one.alias, one])),
    ...change,
  };
}
