import type { Account } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, field, MINUTE, NOW, NEW_ROTATION, settings, window } from "../../test/builders.ts";
import { headroom } from "./headroom.ts";
import type { Field } from "./strategy.ts";

const DAY = 24 * 60 * MINUTE;

/** An account with so many percent left of its week, which ends in so many days, and of its five hours. */
function having(name: string, weekly: number, days: number, fiveHour = 100, more: Partial<Account> = {}) {
  const week = window(weekly, { resetAt: at(days * DAY), windowMinutes: 10_080 });
  return account(name, { observed: { at: NOW, weekly: week, fiveHour: window(fiveHour) }, ...more });
}

const order = (accounts: readonly Account[], change: Partial<Field> = {}) =>
  headroom(field(accounts, change))
    .order()
    .map(({ alias }) => alias)
    .join("");
const counts = (named: Record<string, number>) =>
  new Map(Object.entries(named).map(([name, count]) => [account(name).id, count]));

describe("headroom", () => {
  it("SET-03: begins with the account whose week would leave the most unused", () => {
    expect(order([having("a", 90, 6), having("b", 50, 1), having("c", 20, 5)])).toBe("bac");
  });

  it("SET-03: takes a week that has ended since for a whole new one", () => {
    expect(order([having("a", 60, 4), having("b", 3, -1)])).toBe("ab");
    expect(order([having("a", 90, 7), having("b", 3, -1)])).toBe("ba");
  });

  it("takes the conversations that live on an account, and requests under way, for spoken for", () => {
    const pair = [having("a", 80, 4), having("b", 75, 4)];
    expect(order(pair)).toBe("ab");
    expect(order(pair, { sessions: counts({ a: 1 }) })).toBe("ba");
    expect(order(pair, { inFlight: counts({ a: 1 }) })).toBe("ba");
    expect(order(pair, { sessions: counts({ a: 1, b: 1 }) })).toBe("ab");
  });

  it("measures an account by what its plan holds", () => {
    const pair = [
      having("a", 80, 4, 100, { planType: "pro" }),
      having("b", 79, 4, 100, { planType: "plus" }),
    ];
    expect(order(pair, { sessions: counts({ a: 1, b: 1 }) })).toBe("ab");
    expect(order(pair, { sessions: counts({ a: 2, b: 1 }) })).toBe("ab");
    expect(order(pair, { sessions: counts({ a: 8, b: 1 }) })).toBe("ba");
    const odd = [having("a", 79, 4, 100, { planType: "constructor" }), having("b", 80, 4)];
    expect(order(odd)).toBe("ba");
  });

  it("leaves accounts behind that are low on their five hours, the roomiest of them first", () => {
    const three = [having("a", 90, 1, 20), having("b", 90, 1, 30), having("c", 20, 6, 31)];
    expect(order(three)).toBe("cba");
    expect(order(three, { settings: settings({ criticalThreshold: 1, lowThreshold: 15 }) })).toBe("bac");
    expect(order(three.slice(0, 2))).toBe("ba");
  });

  it("expects each conversation to take a share of the five hours", () => {
    const pair = [having("a", 90, 1, 60), having("b", 40, 6, 60)];
    expect(order(pair, { sessions: counts({ a: 1 }) })).toBe("ba");
  });

  it("leaves an account behind whose week is spent to the last percents", () => {
    expect(order([having("a", 2, 0.1), having("b", 30, 6)])).toBe("ba");
    expect(order([having("a", 3, 0.1), having("b", 30, 6)])).toBe("ab");
  });

  it("takes an unknown week for the middle one, and lets one request at a time find out", () => {
    const known = [having("a", 90, 2), having("b", 50, 2), having("c", 20, 2)];
    expect(order([...known, account("d")])).toBe("abdc");
    expect(order([...known, account("d")], { inFlight: counts({ d: 1 }) })).toBe("abcd");
    expect(order([account("a"), account("b")], { sessions: counts({ a: 1 }) })).toBe("ba");
  });

  it("takes turns among equals, going on from where any strategy left off", () => {
    const three = ["a", "b", "c"].map((name) => having(name, 50, 3));
    const first = headroom(field(three));
    expect(first.first.alias).toBe("a");
    expect(order(three, { rotation: first.rotation })).toBe("bca");
    expect(order(three, { rotation: { ...NEW_ROTATION, cursor: 5 } })).toBe("cab");
  });

  it("does not let the end of a week that is minutes away count for more than half an hour", () => {
    expect(order([having("a", 4, 1 / 1440), having("b", 90, 0.1)])).toBe("ba");
  });
});
