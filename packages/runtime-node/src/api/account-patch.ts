import {
  changeSettings,
  describeAccount,
  findAccount,
  parseAlias,
  renameAccount,
  type AccountNotFound,
  type AliasInvalid,
  type AliasTaken,
  type DetailsInvalid,
  type HigherLayers,
  type StoreV2,
  type ValidationError,
} from "@open-multi-auth/domain";
import type { AccountPatch } from "@open-multi-auth/loopback-api";
import { ok, type Result } from "neverthrow";

/** Why an account cannot be changed so; nothing of it is changed then. */
export type PatchError = AccountNotFound | AliasInvalid | AliasTaken | DetailsInvalid | ValidationError;

/** Changes what a person says about an account: all of it or nothing. */
export function patchAccount(
  store: StoreV2,
  alias: string,
  patch: AccountPatch,
  layers: HigherLayers,
): Result<StoreV2, PatchError> {
  const { alias: newAlias, tags, notes, weight, reservePercent } = patch;
  const settings = {
    ...(weight !== undefined && { accountWeights: Object.fromEntries([[alias, weight]]) }),
    ...(reservePercent !== undefined && { reservePercent: Object.fromEntries([[alias, reservePercent]]) }),
  };
  return findAccount(store, alias)
    .andThen((): Result<StoreV2, PatchError> => describeAccount(store, alias, { tags, notes }))
    .andThen((next): Result<StoreV2, PatchError> =>
      Object.keys(settings).length === 0 ? ok(next) : changeSettings(next, settings, layers),
    )
    .andThen((next): Result<StoreV2, PatchError> =>
      newAlias === undefined
        ? ok(next)
        : parseAlias(newAlias).andThen((to): Result<StoreV2, PatchError> => renameAccount(next, alias, to)),
    );
}
