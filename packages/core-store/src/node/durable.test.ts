import { emptyStore, epochMs, type Account, type StoreV2 } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { historyPoint, NOW } from "../../test/histories.ts";
import { testAccount, withAccount } from "../../test/support.ts";
import { parseStore } from "../parse-store.ts";
import { storeText } from "../store-text.ts";
import { differDurably } from "./durable.ts";

const point = historyPoint(80, null);
const history: Account["rateLimitHistory"] = [{ at: NOW, source: "import", weekly: point }];
/** With a field of a later version it cannot be packed. */
const odd: Account["rateLimitHistory"] = [{ at: NOW, source: "import", weekly: { ...point, later: 1 } }];
const one = (fields: Partial<Account> = {}): StoreV2 =>
  withAccount(emptyStore(), testAccount("work", fields));
const reread = (store: StoreV2): StoreV2 => {
  const parsed = parseStore(Buffer.from(storeText(store)));
  return parsed.kind === "store" ? parsed.store : emptyStore();
};
const affinity = { conversation: { accountId: testAccount("work").id, at: NOW } };

describe("two states differ durably", () => {
  it.each<[string, StoreV2, StoreV2]>([
    ["a rotated token", one(), one({ refreshToken: "rotated" })],
    ["a field less", one({ notes: "mine" }), one()],
    ["a field that is not known here", one(), one({ later: 1 })],
    ["a cooldown", one(), one({ rateLimitedUntil: NOW })],
    ["a setting", one(), { ...one(), settings: { strategy: "round-robin" } }],
    ["an account more", emptyStore(), one()],
    ["an account less", one(), emptyStore()],
    ["another account", one(), withAccount(emptyStore(), testAccount("home"))],
    ["a history that begins", one(), one({ rateLimitHistory: history })],
    ["a history that ends", one({ rateLimitHistory: history }), one()],
    [
      "a history that cannot be packed any more",
      one({ rateLimitHistory: history }),
      one({ rateLimitHistory: odd }),
    ],
    [
      "a history that cannot be packed and begins",
      one({ rateLimitHistory: [] }),
      one({ rateLimitHistory: odd }),
    ],
  ])("by %s", (_, before, after) => {
    expect(differDurably(before, after)).toBe(true);
    expect(differDurably(reread(before), reread(after))).toBe(true);
  });

  it.each<[string, StoreV2, StoreV2]>([
    ["nothing", one(), one()],
    ["use alone", one(), one({ usageCount: 7, lastUsed: NOW })],
    ["what was observed alone", one(), one({ observed: { at: NOW } })],
    ["rotation alone", one(), { ...one(), rotation: { ...one().rotation, cursor: 9 } }],
    ["affinity alone", one(), { ...one(), affinity }],
    [
      "a history of its own, the same",
      one({ rateLimitHistory: history }),
      one({ rateLimitHistory: [...history] }),
    ],
    [
      "an odd history, the same",
      one({ rateLimitHistory: odd }),
      one({ rateLimitHistory: structuredClone(odd) }),
    ],
  ])("not by %s", (_, before, after) => {
    expect(differDurably(before, after)).toBe(false);
    expect(differDurably(before, before)).toBe(false);
    expect(differDurably(reread(before), reread(before))).toBe(false);
  });
});

it("an account that was not replaced does not differ, whatever else did", () => {
  const before = one({ rateLimitHistory: history });
  expect(differDurably(before, { ...before, accounts: { ...before.accounts } })).toBe(false);
  expect(differDurably(before, { ...before, forcedUntil: epochMs(1) })).toBe(true);
});
