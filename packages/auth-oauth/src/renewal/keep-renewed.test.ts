import { accountId, epochMs, failure, type Account, type Failure } from "@open-multi-auth/domain";
import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { account, gate, START } from "../../test/support.ts";
import { noToken } from "../errors.ts";
import { keepRenewed, type RenewalFailure } from "./keep-renewed.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST_TIMER = 2 ** 31 - 1;

describe("keepRenewed", () => {
  it("AUT-05: AUT-14: renews at 80 % of the life, and again at 80 % of the next one's", async () => {
    const world = createWorld([aged("a", HOUR)]);
    await world.pass(48 * MINUTE - 1);
    expect(world.renewed).toEqual([]);
    await world.pass(1);
    expect(world.renewed).toEqual([["a", 48 * MINUTE]]);
    await world.pass(48 * MINUTE + 1_000);
    expect(world.renewed).toEqual([
      ["a", 48 * MINUTE],
      ["a", 96 * MINUTE],
    ]);
  });

  it("renews a token of forty days in time, without a timer that the runtime would cut short", async () => {
    const world = createWorld([aged("a", 40 * DAY)]);
    await world.pass(32 * DAY);
    expect(world.renewed).toEqual([["a", 32 * DAY]]);
    expect(Math.max(...world.timersSet)).toBeLessThan(LONGEST_TIMER);
  });

  it("renews soon after a sleep, or a clock that was set forward, and goes by the clock when that was set back", async () => {
    const world = createWorld([aged("a", HOUR)]);
    world.setClock(2 * HOUR);
    await world.pass(15 * MINUTE);
    expect(world.renewed).toHaveLength(1);
    world.setClock(-HOUR);
    await world.pass(15 * MINUTE);
    expect(world.renewed).toHaveLength(1);
  });

  it("AUT-05: tries three times, then leaves the token alone, and says so", async () => {
    const world = createWorld([aged("a", HOUR)]);
    const down = failure("TOKEN_ENDPOINT_UNREACHABLE", "no answer", {});
    world.outcome = () => errAsync(down);
    await world.pass(HOUR);
    expect(world.renewed.map(([, at]) => at)).toEqual([48 * MINUTE, 49 * MINUTE, 51 * MINUTE]);
    expect(world.failures.map(({ error, isParked }) => [error, isParked])).toEqual([
      [down, false],
      [down, false],
      [down, true],
    ]);
    world.outcome = undefined;
    world.change([aged("a", 2 * HOUR, "another")]);
    await world.pass(HOUR);
    expect(world.renewed).toHaveLength(4);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("rt_secret");
      },
    ],
    ["rejects", () => new ResultAsync<unknown, Failure>(Promise.reject(new Error("rt_secret")))],
    ["brings nothing new", () => okAsync(undefined)],
  ])("AUT-14: counts a refresh that %s as a failure", async (_name, outcome) => {
    const world = createWorld([aged("a", HOUR)]);
    world.outcome = outcome;
    await world.pass(HOUR);
    expect(world.renewed).toHaveLength(3);
    expect(world.failures.map(({ error }) => error.code)).toEqual(Array(3).fill("TOKEN_REFRESH_FAILED"));
    expect(world.failures.map(({ error }) => error.message).join()).not.toContain("rt_secret");
  });

  it.each([
    failure("REFRESH_TOKEN_REJECTED", "dead", { fingerprint: "f" }),
    noToken(accountId("a"), "no-refresh-token"),
  ])("asks no second time for a login that is dead: $code", async (dead) => {
    const world = createWorld([aged("a", HOUR)]);
    world.outcome = () => errAsync(dead);
    await world.pass(HOUR);
    expect(world.failures).toEqual([{ accountId: "a", error: dead, isParked: true }]);
  });

  it("ACC-02: leaves an account alone that was disabled meanwhile, and takes up one that was enabled", async () => {
    const world = createWorld([aged("a", HOUR), { ...aged("b", HOUR), enabled: false }]);
    await world.pass(40 * MINUTE);
    world.change([
      { ...aged("a", HOUR), enabled: false },
      { ...aged("b", HOUR), enabled: true },
    ]);
    await world.pass(20 * MINUTE);
    expect(world.renewed.map(([id]) => id)).toEqual(["b"]);
  });

  it("does not count what another process has renewed meanwhile", async () => {
    const world = createWorld([aged("a", HOUR)]);
    await world.pass(47 * MINUTE);
    world.change([aged("a", 2 * HOUR, "winner")]);
    await world.pass(HOUR - 47 * MINUTE);
    expect(world.renewed).toEqual([]);
  });

  it("renews many accounts one at a time, with a pause between", async () => {
    const names = ["a", "b", "c", "d"];
    const world = createWorld(names.map((name) => aged(name, HOUR)));
    const held = gate<undefined>();
    world.before = held.promise;
    await world.pass(50 * MINUTE);
    expect(world.renewed).toHaveLength(1);
    held.open(undefined);
    await world.pass(1_999);
    expect(world.renewed).toHaveLength(1);
    await world.pass(2_000 * names.length);
    expect(world.renewed.map(([id]) => id)).toEqual(names);
    const times = world.renewed.slice(1).map(([, at]) => at);
    for (const [index, at] of times.slice(1).entries())
      expect(at - Number(times[index])).toBeGreaterThanOrEqual(2_000);
  });

  it("ends: no timer is left, and nothing is renewed any more", async () => {
    const world = createWorld([aged("a", HOUR)]);
    world.change([aged("a", HOUR)]);
    world.stop();
    expect(world.pendingTimers()).toBe(0);
    world.change([aged("a", HOUR, "another")]);
    expect(world.pendingTimers()).toBe(0);
    await world.pass(HOUR);
    expect(world.renewed).toEqual([]);
  });

  it("sets no timer after it was ended in the middle of a renewal", async () => {
    const world = createWorld([aged("a", HOUR)]);
    const held = gate<undefined>();
    world.before = held.promise;
    await world.pass(50 * MINUTE);
    world.stop();
    held.open(undefined);
    await world.pass(1);
    expect(world.pendingTimers()).toBe(0);
  });
});

/** An account whose token has this much life left at {@link START}. */
function aged(id: string, lifeMs: number, refreshToken = `rt_${id}`): Account {
  const credential = { refreshToken, accessToken: `at_${refreshToken}`, expiresAt: epochMs(START + lifeMs) };
  return account(credential, accountId(id));
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Accounts, a clock and timers that a test moves. A renewal gives a token of an hour, unless told otherwise. */
function createWorld(first: readonly Account[]) {
  let accounts = first;
  let elapsed = 0;
  let clockAhead = 0;
  const timers = new Set<Timer>();
  const listeners = new Set<() => void>();
  const world = {
    renewed: [] as [id: string, at: number][],
    failures: [] as RenewalFailure[],
    timersSet: [] as number[],
    before: Promise.resolve() as Promise<unknown>,
    outcome: undefined as (() => ResultAsync<unknown, Failure>) | undefined,
    pendingTimers: () => timers.size,
    setClock: (ms: number) => void (clockAhead += ms),
    change(changed: readonly Account[]) {
      accounts = changed;
      for (const listener of listeners) listener();
    },
    async pass(ms: number) {
      const end = elapsed + ms;
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const [next] = [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        elapsed = Math.max(elapsed, next.at);
        next.run();
      }
      elapsed = end;
    },
    stop: (): void => {},
  };
  const now = () => epochMs(START + elapsed + clockAhead);
  world.stop = keepRenewed({
    accounts: () => accounts,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    renew(id) {
      world.renewed.push([id, elapsed]);
      if (world.outcome !== undefined)
        return world.outcome() as ReturnType<Parameters<typeof keepRenewed>[0]["renew"]>;
      return new ResultAsync(
        world.before.then(() => {
          const expiresAt = epochMs(now() + HOUR);
          const former = accounts.find((one) => one.id === id);
          const renewed = { ...aged(id, HOUR, `${former?.refreshToken}+`), expiresAt };
          world.change(accounts.map((one) => (one.id === id ? renewed : one)));
          return okAsync(undefined);
        }),
      );
    },
    clock: { now },
    random: { next: () => 0 },
    timers: {
      after(ms, run) {
        world.timersSet.push(ms);
        const timer = { at: elapsed + ms, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    onFailure: (failed) => void world.failures.push(failed),
  });
  return world;
}
