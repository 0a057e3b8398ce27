import {
  accountId,
  emptyStore,
  epochMs,
  newAccount,
  parseAlias,
  type Account,
  type StoreV2,
} from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { announceDeadLogins } from "./dead-logins.ts";

describe("announceDeadLogins", () => {
  it("tells once of each login that is dead, or becomes so, and again after it had been mended", () => {
    const { toasts, change, end } = watched(account("work", { authInvalid: true }), account("home"));
    expect(toasts).toEqual([expect.stringMatching(/"work".*oma doctor/)]);
    change(account("work", { authInvalid: true, usageCount: 1 }), account("home"));
    expect(toasts).toHaveLength(1);
    change(account("work"), account("home", { authInvalid: true }));
    change(account("work", { authInvalid: true }), account("home", { authInvalid: true }));
    expect(toasts.slice(1)).toEqual([expect.stringContaining('"home"'), expect.stringContaining('"work"')]);
    end();
    change(account("third", { authInvalid: true }));
    expect(toasts).toHaveLength(3);
  });

  it("ACC-02: says nothing of a disabled account", () => {
    const { toasts } = watched(account("work", { authInvalid: true, enabled: false }));
    expect(toasts).toEqual([]);
  });
});

function account(name: string, more: Partial<Account> = {}): Account {
  const credential = {
    accessToken: "at",
    refreshToken: "rt",
    expiresAt: epochMs(1),
    source: "import" as const,
  };
  const alias = parseAlias(name)._unsafeUnwrap();
  return { ...newAccount(accountId(name), alias, credential, epochMs(0)), ...more };
}

function watched(...accounts: Account[]) {
  const toasts: string[] = [];
  const listeners = new Set<(state: StoreV2) => void>();
  const end = announceDeadLogins(
    {
      state: () => storeOf(accounts),
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    { toast: (_level, message) => void toasts.push(message), log: () => {} },
  );
  return {
    toasts,
    end,
    change: (...changed: Account[]) => {
      for (const listener of listeners) listener(storeOf(changed));
    },
  };
}

const storeOf = (all: readonly Account[]): StoreV2 => ({
  ...emptyStore(),
  accounts: Object.fromEntries(all.map((one) => [one.alias, one])),
});
