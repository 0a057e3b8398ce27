import { describe, expect, it } from "vitest";
import { accountSchema, newAccount, type Account } from "./account.ts";
import { accountId, parseAlias } from "./ids.ts";
import { accountsOf, emptyStore, storeEnvelopeSchema, storeSchema, type StoreV2 } from "./store.ts";
import { epochMs } from "./time.ts";

const LINKED = epochMs(1_800_000_000_000);
const linked = {
  accessToken: "a",
  refreshToken: "r",
  expiresAt: epochMs(5),
  source: "device",
  email: "me@example.com",
} as const;
const account = (name: string, change: Partial<Account> = {}): Account => ({
  ...newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), linked, LINKED),
  ...change,
});
const storeOf = (...accounts: readonly Account[]): StoreV2 => ({
  ...emptyStore(),
  accounts: Object.fromEntries(accounts.map((one) => [one.alias, one])),
});
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("newAccount", () => {
  it("STO-12: is enabled and healthy, with its credential and nothing measured", () => {
    expect(account("work")).toEqual({
      ...linked,
      id: "id-work",
      alias: "work",
      enabled: true,
      health: { state: "healthy", failures: 0, successes: 0, since: LINKED },
      rateLimitHistory: [],
      limitStatus: "idle",
      usageCount: 0,
      tags: [],
      addedAt: LINKED,
    });
  });

  it("is an account by the schema, also after a journey through a file", () => {
    expect(accountSchema.parse(overTheWire(account("work")))).toEqual(account("work"));
  });
});

describe("accountSchema", () => {
  it("STO-12: keeps every field of an account, and those of versions to come", () => {
    const window = { remaining: 40, resetAt: LINKED, windowMinutes: 300, updatedAt: LINKED, later: 1 };
    const full = {
      ...account("work"),
      disabledAt: LINKED,
      disabledBy: { via: "cli", user: "me", later: 1 },
      disableReason: "holiday",
      authInvalid: true,
      authInvalidatedAt: LINKED,
      authInvalidReason: "no-token",
      rateLimitedUntil: LINKED,
      rateLimitedAt: LINKED,
      modelUnsupported: { "gpt-x": { until: LINKED, error: "unfit" } },
      workspaceDeactivatedUntil: LINKED,
      rateLimits: { fiveHour: window, at: LINKED, source: { kind: "usage-endpoint" } },
      rateLimitHistory: [{ at: LINKED, source: "codex-exec", weekly: { remaining: 1, resetAt: null } }],
      limitStatus: "error",
      limitError: "timeout",
      lastLimitProbeAt: LINKED,
      lastLimitErrorAt: LINKED,
      observed: { weekly: window, at: LINKED },
      lastUsed: LINKED,
      tags: ["team"],
      notes: "spare",
      fromTheFuture: { deep: [1, { more: true }] },
    };
    expect(accountSchema.parse(overTheWire(full))).toEqual(full);
  });

  it.each<readonly [path: string, change: object]>([
    ["refreshToken", { refreshToken: 5 }],
    ["expiresAt", { expiresAt: "soon" }],
    ["expiresAt", { expiresAt: -1 }],
    ["alias", { alias: "two words" }],
    ["enabled", { enabled: "yes" }],
    ["health.state", { health: { state: "fine", failures: 0, successes: 0, since: 0 } }],
    ["observed.weekly.remaining", { observed: { at: 1, weekly: { remaining: 101 } } }],
    ["modelUnsupported.x.until", { modelUnsupported: { x: { error: "" } } }],
    [
      "rateLimitHistory",
      { rateLimitHistory: Array.from({ length: 101 }, () => ({ at: 1, source: "codex-exec" })) },
    ],
    ["disabledBy.via", { disabledBy: { via: "nobody" } }],
  ])("names %s where it is malformed", (path, change) => {
    const { error } = accountSchema.safeParse({ ...account("work"), ...change });
    expect(error?.issues.map((issue) => issue.path.join("."))).toContain(path);
  });
});

describe("storeSchema", () => {
  it("is fulfilled by an empty store and by one with accounts, and keeps unknown fields", () => {
    const future = { ...storeOf(account("work")), fromTheFuture: 1 };
    expect(storeSchema.parse(overTheWire(emptyStore()))).toEqual(emptyStore());
    expect(storeSchema.parse(overTheWire(future))).toEqual(future);
  });

  it("STO-13: keeps the force fields", () => {
    const forced = {
      ...storeOf(account("work")),
      forcedAlias: "work",
      forcedUntil: LINKED,
      forcedBy: { via: "dashboard", user: "me" },
      previousRotationStrategy: "least-used",
    };
    expect(storeSchema.parse(overTheWire(forced))).toEqual(forced);
    for (const field of ["forcedAlias", "forcedUntil", "forcedBy", "previousRotationStrategy"]) {
      const { error } = storeEnvelopeSchema.safeParse({ ...forced, [field]: {} });
      expect(error?.issues[0]?.path[0]).toBe(field);
    }
  });

  it("names the account and the field of a malformed one", () => {
    const store = { ...emptyStore(), accounts: { work: { ...account("work"), usageCount: -1 } } };
    const { error } = storeSchema.safeParse(store);
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["accounts.work.usageCount"]);
  });

  it("STO-15: refuses an alias that is none", () => {
    const store = { ...emptyStore(), accounts: { "a/b": account("work") } };
    expect(storeSchema.safeParse(store).error?.issues[0]?.path).toEqual(["accounts", "a/b"]);
  });
});

describe("accountsOf", () => {
  it("is the order of linking, with the id where that was in the same instant", () => {
    const store = storeOf(
      account("late", { addedAt: epochMs(LINKED + 1) }),
      account("b"),
      account("a"),
      account("early", { addedAt: epochMs(LINKED - 1) }),
    );
    expect(accountsOf(store).map(({ alias }) => alias)).toEqual(["early", "a", "b", "late"]);
  });

  it("is the same after a rename", () => {
    const [first, second] = [account("a"), account("b")];
    const renamed = { ...first, alias: parseAlias("zz")._unsafeUnwrap() };
    expect(accountsOf(storeOf(renamed, second)).map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it("STO-15: has accounts whose aliases are names that every object has, in their order", () => {
    const names = ["__proto__", "constructor", "toString", "7", "a"];
    const accounts = names.map((name, index) => account(name, { addedAt: epochMs(LINKED + index) }));
    const stored = overTheWire(storeOf(...accounts)) as StoreV2;
    expect(accountsOf(stored).map(({ alias }) => alias)).toEqual(names);
    expect(Object.getPrototypeOf(stored.accounts)).toBe(Object.prototype);
    expect(accountsOf(emptyStore())).toEqual([]);
  });
});
