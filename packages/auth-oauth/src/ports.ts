import type { Account, AccountId, Credential, DurationMs, Failure } from "@open-multi-auth/domain";
import type { ResultAsync } from "neverthrow";

/** Where credentials live. What one process saves, the others see after a reload. */
export interface CredentialStore {
  /** The account as this process knows it; memory only. */
  account(id: AccountId): Account | undefined;
  /** Takes over the newest state of all processes. */
  reload(): ResultAsync<unknown, Failure>;
  /**
   * Puts a renewed credential in the place of the one it came from; seen by `account` at once. Resolves when it is
   * durable, or could not be written at once: then the store goes on trying until it succeeds, and reports it.
   * Does nothing when the account no longer holds the refresh token of that fingerprint. Never rejects.
   */
  saveRotated(id: AccountId, fingerprintBefore: string, credential: Credential): Promise<void>;
}

/** The exclusive claim, across processes, to refresh one account. A dead holder loses it. */
export interface RefreshLease {
  acquire(id: AccountId, deadlineMs: DurationMs): ResultAsync<{ release(): Promise<void> }, LeaseError>;
}

/** Time that passes. */
export interface Timers {
  /** Runs something later; the returned function calls it off. Keeps no process alive. */
  after(ms: DurationMs, run: () => void): () => void;
  /** Waits. A process that waits for it is kept alive. */
  pause(ms: DurationMs): Promise<void>;
}

/** Why a refresh could not be claimed. */
export type LeaseError =
  /** Another process held the claim until the deadline. */
  | Failure<"LEASE_HELD", { accountId: AccountId }>
  /** Nobody can claim it now, on a full disk say; `cause` tells why. */
  | Failure<"LEASE_UNAVAILABLE", { accountId: AccountId }>;

/** Files of other tools that hold the same login as an account. */
export interface SharedFiles {
  /** The credential of this account that such a file holds, if it is newer than the account's own. */
  newest(account: Account): ResultAsync<Credential | undefined, Failure>;
  /** Puts `credential` into every such file that still holds `before`. */
  writeBack(account: Account, before: Credential, credential: Credential): ResultAsync<unknown, Failure>;
}
