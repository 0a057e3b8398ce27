import {
  accountId,
  after,
  epochMs,
  newAccount,
  parseAlias,
  type Account,
  type AccountId,
  type EpochMs,
} from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { createProbeSchedule } from "./schedule.ts";

const START = epochMs(1_800_000_000_000);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PROBE_INTERVAL_MS = 4 * MINUTE;

describe("createProbeSchedule", () => {
  it("asks nobody while nobody watches, and no more once the last one has left", () => {
    const world = createWorld({ work: {} });
    world.advance(HOUR);
    expect(world.asked).toEqual([]);
    const [first, second] = [world.watch(), world.watch()];
    expect(world.asked).toEqual(["work"]);
    first();
    first();
    world.advance(10 * MINUTE);
    expect(world.asked.length).toBeGreaterThan(1);
    const until = world.asked.length;
    second();
    world.advance(HOUR);
    expect(world.asked.length).toBe(until);
    expect(world.timers()).toBe(0);
  });

  it.each([0, 0.5, 0.999])("keeps limits fresh: never five minutes old, with a jitter of %d", (random) => {
    const world = createWorld({ work: {}, home: {} }, random);
    world.watch();
    world.advance(HOUR);
    for (const alias of ["work", "home"]) {
      const times = world.times(alias);
      const gaps = times.slice(1).map((at, index) => at - times[index]!);
      expect(Math.max(...gaps)).toBeLessThan(5 * MINUTE);
      expect(Math.min(...gaps)).toBeGreaterThan(3 * MINUTE);
    }
  });

  it("asks at once what is old, and waits for what was asked just now", () => {
    const world = createWorld({
      old: { lastLimitProbeAt: after(START, -HOUR) },
      young: { lastLimitProbeAt: after(START, -MINUTE) },
      ahead: { lastLimitProbeAt: after(START, HOUR) },
    });
    world.watch();
    expect(world.asked.toSorted()).toEqual(["ahead", "old"]);
    world.advance(PROBE_INTERVAL_MS - MINUTE);
    expect(world.times("young")).toEqual([after(START, PROBE_INTERVAL_MS - MINUTE)]);
  });

  it("asks ever less often after failures, to about once an hour, and as before after a success", () => {
    const world = createWorld({ work: {} });
    world.outcome = "failure";
    world.watch();
    world.advance(6 * HOUR);
    const gaps = world
      .times("work")
      .slice(1)
      .map((at, index) => at - world.times("work")[index]!);
    expect(gaps.slice(0, 4).map((gap) => Math.round(gap / MINUTE))).toEqual([8, 16, 32, 64]);
    expect(gaps.slice(4).every((gap) => gap === gaps[3])).toBe(true);
    world.outcome = "success";
    world.advance(2 * HOUR);
    const [last = 0, before = 0] = world.times("work").toReversed();
    expect(last - before).toBe(PROBE_INTERVAL_MS);
  });

  it("asks no account that is disabled, or whose login is refused", () => {
    const world = createWorld({ off: { enabled: false }, refused: { authInvalid: true }, on: {} });
    world.watch();
    world.advance(HOUR);
    expect(new Set(world.asked)).toEqual(new Set(["on"]));
  });

  it("follows what another process finds, and tells what it knew when it asks", () => {
    const world = createWorld({ work: { lastLimitProbeAt: START } });
    world.watch();
    world.advance(3 * MINUTE);
    world.found("work", after(START, 3 * MINUTE));
    world.advance(3 * MINUTE);
    expect(world.asked).toEqual([]);
    world.advance(MINUTE);
    expect(world.asked).toEqual(["work"]);
    expect(world.unlessSince).toEqual([after(START, 3 * MINUTE + 1)]);
  });

  it("does not ask again at once when an answer counted for nothing", () => {
    const world = createWorld({ work: {} });
    world.outcome = "void";
    world.watch();
    world.advance(10 * MINUTE);
    expect(world.asked.length).toBeLessThanOrEqual(4);
  });
});

/** A world whose time stands still until it is moved. */
function createWorld(given: Record<string, Partial<Account>>, random = 0.5) {
  let now = START;
  const accounts = new Map(
    Object.entries(given).map(([alias, change]) => [alias, { ...fresh(alias), ...change }]),
  );
  const due = new Set<{ at: number; run: () => void }>();
  const asked: { alias: string; at: EpochMs; unlessSince: EpochMs | undefined }[] = [];
  const world = {
    outcome: "success" as "success" | "failure" | "void",
    found(alias: string, at: EpochMs): void {
      accounts.set(alias, { ...accounts.get(alias)!, lastLimitProbeAt: at, limitStatus: "success" });
    },
    advance(ms: number): void {
      const end = after(now, ms);
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (!next) break;
        due.delete(next);
        now = epochMs(next.at);
        next.run();
      }
      now = end;
    },
    watch: () => schedule.watch(),
    timers: () => due.size,
    get asked() {
      return asked.map(({ alias }) => alias);
    },
    get unlessSince() {
      return asked.map((entry) => entry.unlessSince);
    },
    times: (alias: string) => asked.filter((entry) => entry.alias === alias).map(({ at }) => at),
  };
  const schedule = createProbeSchedule({
    accounts: () => [...accounts.values()],
    clock: { now: () => now },
    intervalMs: () => PROBE_INTERVAL_MS,
    random: { next: () => random },
    timers: {
      after(ms, run) {
        const timer = { at: now + ms, run };
        due.add(timer);
        return () => void due.delete(timer);
      },
    },
    queue: {
      async probe(id: AccountId, { unlessSince, maySpendQuota }) {
        expect(maySpendQuota).toBe(false);
        const [alias, account] = [...accounts].find(([, candidate]) => candidate.id === id)!;
        asked.push({ alias, at: now, unlessSince });
        if (world.outcome === "success") world.found(alias, now);
        if (world.outcome === "failure")
          accounts.set(alias, { ...account, lastLimitErrorAt: now, limitStatus: "error" });
        return { kind: "known" };
      },
    },
  });
  return world;
}

function fresh(alias: string): Account {
  const login = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" } as const;
  return newAccount(accountId(`id-${alias}`), parseAlias(alias)._unsafeUnwrap(), login, START);
}
