import type { Account, AccountId, Credential, DurationMs, Failure } from "@open-multi-auth/domain";
import type { ResultAsync } from "neverthrow";

/** Where credentials live. What one process saves, the others see after a reload. */
export interface CredentialStore {
  /** The account as this process knows it; memory only. */
  account(id: AccountId): Account | undefined;
  /** Takes over the newest state of all processes. */
  reload(): ResultAsync<unknown, Failure>;
  /**
   * Puts a renewed credential in the place of the one it came from; durable, and seen by `account`, before it
   * resolves. Does nothing when the account no longer holds the refresh token of that fingerprint.
   */
  saveRotated(
    id: AccountId,
    fingerprintBefore: string,
    credential: Credential,
  ): ResultAsync<unknown, Failure>;
}

/** The exclusive claim, across processes, to refresh one account. A dead holder loses it. */
export interface RefreshLease {
  acquire(id: AccountId, deadlineMs: DurationMs): ResultAsync<{ release(): Promise<void> }, Failure>;
}

/** Files of other tools that hold the same login as an account. */
export interface SharedFiles {
  /** The credential of this account that such a file holds, if it is newer than the account's own. */
  newest(account: Account): ResultAsync<Credential | undefined, Failure>;
  /** Puts `credential` into every such file that still holds `before`. */
  writeBack(account: Account, before: Credential, credential: Credential): ResultAsync<unknown, Failure>;
}
