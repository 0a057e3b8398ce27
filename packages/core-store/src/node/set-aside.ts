import type { Clock, Random } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { AccountQuarantined, StoreError } from "../errors.ts";
import type { KeySource } from "../key-source.ts";
import type { BrokenAccount } from "../parse-store.ts";
import { contextOf } from "./context.ts";
import { failureOf } from "./fault.ts";
import { quarantine } from "./quarantine.ts";
import { keyAmong, lastGoodOf } from "./twins.ts";
import { whileLocked } from "./while-locked.ts";

/**
 * Puts entries that are no accounts into `quarantine/` beside a store, each whole, with what is wrong with it;
 * encrypted where the store is.
 *
 * @param store the file of the store
 * @returns where each was put; put there again, it is the same file
 */
export const setAside = (
  store: string,
  broken: readonly BrokenAccount[],
  deps: { readonly clock: Clock; readonly random: Random; readonly keys?: KeySource },
): ResultAsync<AccountQuarantined["details"][], StoreError> => {
  const context = contextOf(deps);
  // Under the lock: nobody encrypts the store between the look at it and the writing.
  const put = () =>
    whileLocked(store, undefined, context, async () =>
      quarantine(store, broken, context, await keyAmong([store, lastGoodOf(store)], context)),
    );
  return ResultAsync.fromPromise(put(), failureOf);
};
