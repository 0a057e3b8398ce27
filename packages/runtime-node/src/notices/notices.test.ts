import {
  accountId,
  after,
  emptyStore,
  epochMs,
  newAccount,
  parseAlias,
  SETTINGS_DEFAULTS,
  type Account,
  type EpochMs,
  type StoreV2,
} from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { ntfyChannel } from "./channels.ts";
import { decideNotices, type ToldOf } from "./decide.ts";
import { desktopCall } from "./desktop.ts";
import { occasionsOf } from "./occasions.ts";

const NOW = epochMs(1_795_262_400_000);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("occasionsOf", () => {
  it("finds an account whose quota is used up, and says when it is back", () => {
    expect(seen([account("work", usedUp(3 * HOUR)), account("home")])).toMatchObject([
      {
        kind: "account-exhausted",
        alias: "work",
        message: "work has used up its quota and is back in 3 h. The other accounts answer meanwhile.",
      },
    ]);
  });

  it("says nothing of a rest of our own, of one that is over at once, or of a disabled account", () => {
    const resting = account("a", { rateLimitedUntil: after(NOW, HOUR), rateLimitedAt: NOW });
    const short = account("b", usedUp(30_000));
    const off = account("c", { ...usedUp(HOUR), enabled: false });
    expect(seen([resting, short, off, account("d")])).toEqual([]);
  });

  it("finds that none can serve, who is back first, and who needs the person", () => {
    const dead = account("dead", { authInvalid: true, authInvalidatedAt: NOW });
    const stuck = seen([account("work", usedUp(3 * HOUR)), account("home", usedUp(HOUR)), dead]);
    expect(stuck.find(({ kind }) => kind === "all-exhausted")).toMatchObject({
      level: "error",
      message: "No account can answer now. The first, home, is back in 1 h. Sooner: oma reauth dead",
    });
    expect(seen([dead]).map(({ kind, message }) => [kind, message])).toEqual([
      ["reauth-needed", 'The account "dead" needs a new login and is not used. Run: oma reauth dead'],
      ["all-exhausted", "No account can answer now. Run: oma reauth dead"],
    ]);
    expect(seen([])).toEqual([]);
    expect(seen([account("off", { enabled: false })])).toEqual([]);
  });

  it("foresees that a low window runs out before its reset, by a fresh reading only", () => {
    const low = account("work", measured(20, { resetIn: 2 * HOUR, ago: MINUTE }));
    expect(seen([low])).toMatchObject([
      {
        kind: "will-run-out",
        message: "At this pace work uses up its 5-hour window in 44 min; it resets in 2 h.",
      },
    ]);
    const enough = account("work", measured(50, { resetIn: 2 * HOUR, ago: MINUTE }));
    const lasts = account("work", measured(20, { resetIn: 10 * MINUTE, ago: MINUTE }));
    const stale = account("work", measured(20, { resetIn: 2 * HOUR, ago: 20 * MINUTE }));
    expect([enough, lasts, stale].map((one) => seen([one]))).toEqual([[], [], []]);
  });
});

describe("decideNotices", () => {
  it("OBS-05: tells each occasion once, and again when it begins anew", () => {
    const work = account("work", usedUp(HOUR));
    const pool = [work, account("home")];
    const first = tell(pool, {});
    expect(first.kinds).toEqual(["account-exhausted"]);
    expect(tell(pool, first.told, 30 * MINUTE).kinds).toEqual([]);
    const trial = { ...work, quotaRefusedAt: after(NOW, 20 * MINUTE) };
    expect(tell([trial, pool[1]!], first.told, 30 * MINUTE).kinds).toEqual([]);
    // Nobody looked while it was back.
    const again = account("work", usedUp(HOUR, 2 * HOUR));
    expect(tell([again, pool[1]!], first.told, 2 * HOUR).kinds).toEqual(["account-exhausted"]);
    // Somebody did.
    const back = tell([account("work"), pool[1]!], first.told, 10 * MINUTE);
    expect(back.told).toEqual({});
    expect(tell(pool, back.told, 20 * MINUTE).kinds).toEqual(["account-exhausted"]);
  });

  it("OBS-05: tells once of a dead login, however many requests find it dead, and of the death of the next", () => {
    const home = account("home");
    const first = tell([deadSince(NOW), home], {});
    expect(first.kinds).toEqual(["reauth-needed"]);
    expect(tell([deadSince(after(NOW, 2_000)), home], first.told, 3_000).kinds).toEqual([]);
    expect(tell([deadSince(after(NOW, HOUR)), home], first.told, HOUR).kinds).toEqual([]);
    const next = { ...deadSince(after(NOW, 5_000)), refreshToken: "rt-of-the-next-login" };
    expect(tell([next, home], first.told, 6_000).kinds).toEqual(["reauth-needed"]);
  });

  it("OBS-05: a process that does not know yet what another told does not have it told again", () => {
    const pool = [account("work", usedUp(HOUR)), account("home", usedUp(HOUR))];
    const first = tell(pool, {});
    expect(first.kinds).toEqual(["all-exhausted"]);
    const unaware = tell([account("work"), account("home")], first.told, 2_000);
    expect(tell(pool, unaware.told, 3_000).kinds).toEqual([]);
  });

  it("OBS-05: tells that none can serve instead of that the last one cannot, and once until one is back", () => {
    const pool = [account("work", usedUp(HOUR)), account("home", usedUp(2 * HOUR))];
    const first = tell(pool, {});
    expect(first.kinds).toEqual(["all-exhausted"]);
    expect(tell(pool, first.told, MINUTE).kinds).toEqual([]);
    const oneBack = tell([account("work"), pool[1]!], first.told, 5 * MINUTE);
    expect(oneBack.kinds).toEqual([]);
    const gone = [account("work", usedUp(HOUR, 6 * MINUTE)), pool[1]!];
    expect(tell(gone, oneBack.told, 6 * MINUTE).kinds).toEqual(["all-exhausted"]);
  });

  it("OBS-05: warns once per window, though the pace goes up and down, and again in the next", () => {
    const low = (ago: number, resetIn = 2 * HOUR) =>
      account("work", measured(20, { resetIn, ago: MINUTE, at: ago }));
    const first = tell([low(0)], {});
    expect(first.kinds).toEqual(["will-run-out"]);
    const calm = tell([account("work")], first.told, 5 * MINUTE);
    expect(tell([low(10 * MINUTE, 2 * HOUR - 10 * MINUTE)], calm.told, 10 * MINUTE).kinds).toEqual([]);
    expect(tell([low(3 * HOUR)], calm.told, 3 * HOUR).kinds).toEqual(["will-run-out"]);
  });
});

describe("what is told", () => {
  it("has no address and no token of the account: its alias is all", () => {
    const secret = { email: "ann@example.com", accessToken: "at_canary", refreshToken: "rt_canary" };
    const all = seen([
      account("work", { ...secret, ...usedUp(HOUR) }),
      account("dead", { ...secret, authInvalid: true, authInvalidatedAt: NOW }),
    ]);
    expect(JSON.stringify(all)).not.toMatch(/example|canary/);
  });

  it("goes to ntfy as text, and a refusal does not repeat the topic", async () => {
    const sent: object[] = [];
    const fetch = (url: string, request: object) => {
      sent.push({ url, ...request });
      return Promise.resolve({ status: 403, header: () => undefined, body: "" });
    };
    const deliver = ntfyChannel(fetch, "https://ntfy.example/topic-canary");
    const [occasion] = seen([account("work", usedUp(HOUR))]);
    const failed = (await deliver(occasion!))._unsafeUnwrapErr();
    expect(sent).toMatchObject([
      { url: "https://ntfy.example/topic-canary", method: "POST", body: occasion!.message },
    ]);
    expect(failed).toMatchObject({ code: "NOTIFICATION_FAILED" });
    expect(JSON.stringify(failed)).not.toContain("canary");
  });

  it.each(["linux", "darwin", "win32"] as const)("is no part of a command on %s", (platform) => {
    const message = "\"; $(rm -rf ~) `x` --icon=y'";
    const { args, input } = desktopCall(platform, { title: "t", message, isUrgent: false });
    expect([args.at(-1), input]).toContain(platform === "win32" ? `t\n${message}\n` : message);
    expect(args.slice(0, -1).join(" ")).not.toContain("rm -rf");
  });
});

const seen = (accounts: readonly Account[], now = NOW) =>
  occasionsOf(pooled(accounts), SETTINGS_DEFAULTS, now);

function tell(accounts: readonly Account[], told: ToldOf, later = 0) {
  const now = after(NOW, later);
  const decided = decideNotices(seen(accounts, now), told, now);
  return { kinds: decided.news.map(({ kind }) => kind), told: decided.told };
}

const deadSince = (at: EpochMs): Account => account("work", { authInvalid: true, authInvalidatedAt: at });

function usedUp(forMs: number, later = 0): Partial<Account> {
  const at = after(NOW, later);
  return { quotaRefusedAt: at, rateLimitedAt: at, rateLimitedUntil: after(at, forMs) };
}

function measured(
  remaining: number,
  { resetIn, ago, at = 0 }: { resetIn: number; ago: number; at?: number },
): Partial<Account> {
  const now = after(NOW, at);
  const updatedAt = after(now, -ago);
  const fiveHour = { remaining, resetAt: after(now, resetIn), windowMinutes: 300, updatedAt };
  return {
    rateLimits: { fiveHour, at: updatedAt, source: { kind: "usage-endpoint" } },
    lastLimitProbeAt: updatedAt,
    limitStatus: "success",
  };
}

function account(name: string, more: Partial<Account> = {}): Account {
  const login = {
    accessToken: "at",
    refreshToken: "rt",
    expiresAt: after(NOW, HOUR),
    source: "import",
  } as const;
  return {
    ...newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), login, epochMs(0)),
    ...more,
  };
}

const pooled = (accounts: readonly Account[]): StoreV2 => ({
  ...emptyStore(),
  accounts: Object.fromEntries(accounts.map((one) => [one.alias, one])),
});
