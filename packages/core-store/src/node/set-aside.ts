import type { Clock, Random } from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import type { AccountQuarantined, StoreError } from "../errors.ts";
import type { BrokenAccount } from "../parse-store.ts";
import { contextOf } from "./context.ts";
import { failureOf } from "./fault.ts";
import { quarantine } from "./quarantine.ts";

/**
 * Puts entries that are no accounts into `quarantine/` beside a store, each whole, with what is wrong with it.
 *
 * @param store the file of the store
 * @returns where each was put; put there again, it is the same file
 */
export const setAside = (
  store: string,
  broken: readonly BrokenAccount[],
  deps: { readonly clock: Clock; readonly random: Random },
): ResultAsync<AccountQuarantined["details"][], StoreError> =>
  ResultAsync.fromPromise(quarantine(store, broken, contextOf(deps)), failureOf);
