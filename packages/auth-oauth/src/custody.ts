import type { Account, AccountId, Credential, Failure } from "@open-multi-auth/domain";
import { fingerprint } from "./fingerprint.ts";
import type { CredentialStore } from "./ports.ts";

/** What we hold of an account, and the fingerprint of the refresh token that the store has for it. */
export interface Held {
  readonly account: Account;
  readonly storedFingerprint: string;
}

/** The newest credential of each account, including one that could not be saved yet. */
export interface Custody {
  account(id: AccountId): Account | undefined;
  held(id: AccountId): Held | undefined;
  /** Saves durably; what the store refuses is kept in memory, so that no rotation is lost with it. */
  save(id: AccountId, storedFingerprint: string, credential: Credential): Promise<void>;
  /** Begins to save what could not be saved before. Not to be called during a save. */
  retry(id: AccountId): void;
  /** Resolves when no retry is under way. */
  settled(id: AccountId): Promise<void>;
}

interface Unsaved {
  readonly storedFingerprint: string;
  readonly credential: Credential;
  retrying?: Promise<void> | undefined;
}

export function createCustody(store: CredentialStore, onProblem: (problem: Failure) => void): Custody {
  const unsaved = new Map<AccountId, Unsaved>();

  function held(id: AccountId): Held | undefined {
    const stored = store.account(id);
    if (stored === undefined) {
      unsaved.delete(id);
      return undefined;
    }
    const storedFingerprint = fingerprint(stored.refreshToken);
    const kept = unsaved.get(id);
    if (kept?.storedFingerprint === storedFingerprint) {
      return { account: { ...stored, ...kept.credential }, storedFingerprint };
    }
    // Saved meanwhile, or linked anew: what the store has is newer.
    unsaved.delete(id);
    return { account: stored, storedFingerprint };
  }

  async function write(id: AccountId, kept: Unsaved): Promise<void> {
    const saved = await store.saveRotated(id, kept.storedFingerprint, kept.credential);
    kept.retrying = undefined;
    if (saved.isOk()) unsaved.delete(id);
    else {
      unsaved.set(id, kept);
      onProblem(saved.error);
    }
  }

  return {
    account: (id) => (unsaved.has(id) ? held(id)?.account : store.account(id)),
    held,
    save: (id, storedFingerprint, credential) => write(id, { storedFingerprint, credential }),
    retry(id) {
      const kept = unsaved.get(id);
      if (kept !== undefined) kept.retrying ??= write(id, kept);
    },
    settled: async (id) => unsaved.get(id)?.retrying,
  };
}
