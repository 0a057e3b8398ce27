import {
  emptyStore,
  epochMs,
  newAccount,
  accountId,
  parseAlias,
  SETTINGS_DEFAULTS,
  type StoreV2,
} from "@open-multi-auth/domain";
import { createMemoryStore } from "@open-multi-auth/core-store/memory";
import { describe, expect, it } from "vitest";
import { createForceKeeper } from "../src/force-keeper.ts";

const NOW = epochMs(1_800_000_000_000);
const WORK = parseAlias("work")._unsafeUnwrap();

describe("createForceKeeper", () => {
  it("FRC-03: what leaves the force without its account and the end of the force are one change", async () => {
    const noted: (string | undefined)[] = [];
    const store = createMemoryStore(forced());
    const keeper = createForceKeeper({
      store,
      settings: () => SETTINGS_DEFAULTS,
      audit: { note: ({ reason }) => void noted.push(reason) },
      clock: { now: () => NOW },
      actor: { via: "api" },
    });
    keeper.apply((state) => withLimit(state));
    // No look at the pool in between: a crash right now would find both on disk, or neither.
    expect(store.state()).toMatchObject({
      accounts: { work: { rateLimitedUntil: NOW + 1 } },
      forcedAlias: null,
      rotationStrategy: "least-used",
    });
    await keeper.noted();
    expect(noted).toEqual(["cooling-down"]);
    keeper.settle();
    await keeper.noted();
    expect(noted).toHaveLength(1);
  });
});

function withLimit(state: StoreV2): StoreV2 {
  const account = { ...state.accounts[WORK]!, rateLimitedUntil: epochMs(NOW + 1) };
  return { ...state, accounts: { [WORK]: account } };
}

function forced(): StoreV2 {
  const login = { accessToken: "a", refreshToken: "r", expiresAt: NOW, source: "codex" } as const;
  return {
    ...emptyStore(),
    accounts: { [WORK]: newAccount(accountId("id-work"), WORK, login, NOW) },
    forcedAlias: WORK,
    forcedUntil: epochMs(NOW + 1_000),
    previousRotationStrategy: "least-used",
  };
}
