import { fingerprint, type CredentialStore, type RefreshLease } from "@open-multi-auth/auth-oauth";
import type { PoolStore } from "@open-multi-auth/core-store";
import { createFileLock } from "@open-multi-auth/core-store/node";
import { join } from "node:path";
import {
  failure,
  type Account,
  type AccountId,
  type Clock,
  type Credential,
  type Random,
  type StoreV2,
} from "@open-multi-auth/domain";

/** Credentials as they stand in the store. */
export function storedCredentials(store: PoolStore): CredentialStore {
  return {
    account: (id) => find(store.state(), id),
    reload: () => store.reload(),
    saveRotated(id, fingerprintBefore, credential) {
      store.apply((state) => rotated(state, id, fingerprintBefore, credential), "now");
      return store.flush().match(
        () => undefined,
        () => undefined,
      );
    },
  };
}

/**
 * Puts a renewed credential in the place of the one it came from; a re-linked or removed account is left alone.
 * Whoever called the account invalid meanwhile spoke of the credential that this one replaces.
 */
function rotated(state: StoreV2, id: AccountId, fingerprintBefore: string, credential: Credential): StoreV2 {
  const account = find(state, id);
  if (!account || fingerprint(account.refreshToken) !== fingerprintBefore) return state;
  const { authInvalid: _invalid, authInvalidatedAt: _at, authInvalidReason: _why, ...kept } = account;
  return { ...state, accounts: { ...state.accounts, [account.alias]: { ...kept, ...credential } } };
}

function find(state: StoreV2, id: AccountId): Account | undefined {
  return Object.values(state.accounts).find((account) => account.id === id);
}

/** One claim per account across processes, as a lock file that a dead holder cannot keep. */
export function fileLeases(
  folder: string,
  deps: { clock: Clock; random: Random },
  purpose: "refresh" | "probe" = "refresh",
): RefreshLease {
  return {
    acquire: (accountId, deadlineMs) =>
      createFileLock(join(folder, `${purpose}-${encodeURIComponent(accountId)}.lock`), deps)
        .acquire({ deadlineMs })
        .mapErr((cause) =>
          cause.code === "STORE_LOCKED"
            ? failure(
                "LEASE_HELD",
                `another process has the ${purpose} of this account`,
                { accountId },
                cause,
              )
            : failure(
                "LEASE_UNAVAILABLE",
                `the ${purpose} of an account cannot be claimed: ${cause.message}`,
                { accountId },
                cause,
              ),
        ),
  };
}
