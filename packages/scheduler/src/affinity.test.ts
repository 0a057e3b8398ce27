import { after, epochMs, sessionId, type Affinity, type EpochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, MINUTE, NOW } from "../test/builders.ts";
import { afterClockJump, bindSession, boundAccount, homeAccount, liveSessions } from "./affinity.ts";

const A = account("a").id;
const B = account("b").id;
const main = sessionId("ses_main");
const child = sessionId("ses_child");
const other = sessionId("ses_other");

describe("boundAccount", () => {
  it("CON-13: is the conversation's account until it has been idle for 30 minutes", () => {
    const affinity = bindSession({}, main, A, NOW);
    expect(boundAccount(affinity, { sessionId: main }, at(30 * MINUTE - 1))).toBe(A);
    expect(boundAccount(affinity, { sessionId: main }, at(30 * MINUTE))).toBeUndefined();
  });

  it("CON-13: counts the idle time from the last use", () => {
    const affinity = bindSession(bindSession({}, main, A, NOW), main, A, at(20 * MINUTE));
    expect(boundAccount(affinity, { sessionId: main }, at(49 * MINUTE))).toBe(A);
  });

  it("CON-13: is the parent's account for a sub-agent that has none of its own", () => {
    const affinity = bindSession({}, main, A, NOW);
    const asked = { sessionId: child, parentSessionId: main };
    expect(boundAccount(affinity, asked, NOW)).toBe(A);
    expect(boundAccount(bindSession(affinity, child, B, NOW), asked, NOW)).toBe(B);
    expect(boundAccount(bindSession(affinity, child, B, NOW), { parentSessionId: main }, NOW)).toBe(A);
  });

  it("is none for what was never bound, also by names that every object has", () => {
    expect(boundAccount({}, {}, NOW)).toBeUndefined();
    expect(boundAccount({}, { sessionId: sessionId("constructor") }, NOW)).toBeUndefined();
    const odd = sessionId("__proto__");
    expect(boundAccount(bindSession({}, odd, A, NOW), { sessionId: odd }, NOW)).toBe(A);
  });
});

describe("homeAccount", () => {
  it("is where the conversation itself was bound, never its parent's account", () => {
    const affinity = bindSession({}, main, A, NOW);
    expect(homeAccount(affinity, { sessionId: main }, at(30 * MINUTE - 1))).toBe(A);
    expect(homeAccount(affinity, { sessionId: main }, at(30 * MINUTE))).toBeUndefined();
    expect(homeAccount(affinity, { sessionId: child, parentSessionId: main }, NOW)).toBeUndefined();
    expect(homeAccount(affinity, { parentSessionId: main }, NOW)).toBeUndefined();
  });
});

describe("bindSession", () => {
  it("leaves what it was given as it was", () => {
    const before: Affinity = Object.freeze({});
    bindSession(before, main, A, NOW);
    expect(before).toEqual({});
  });

  it("forgets expired bindings, once there are many", () => {
    const old = bindMany({}, 256, NOW);
    expect(bindSession(old, main, B, at(31 * MINUTE))).toEqual({
      ses_main: { accountId: B, at: at(31 * MINUTE) },
    });
  });

  it("stays bounded, keeps the newest, and always the one just bound", () => {
    const affinity = bindMany({}, 2_000, NOW);
    const count = Object.keys(affinity).length;
    expect(count).toBeGreaterThanOrEqual(200);
    expect(count).toBeLessThanOrEqual(256);
    for (let turn = 1_800; turn < 2_000; turn++) expect(affinity[`s${turn}`]).toBeDefined();
    const clockWentBack = bindSession(affinity, main, A, at(-MINUTE));
    expect(boundAccount(clockWentBack, { sessionId: main }, at(-MINUTE))).toBe(A);
  });
});

describe("afterClockJump", () => {
  const HOUR = 60 * MINUTE;

  it("CON-13: counts idle minutes as they were, when the clock was set forward", () => {
    const before = bindSession(bindSession({}, main, A, NOW), other, B, at(-31 * MINUTE));
    const set = afterClockJump(before, 3 * HOUR, at(3 * HOUR + 10 * MINUTE));
    expect(boundAccount(set, { sessionId: main }, at(3 * HOUR + 30 * MINUTE - 1))).toBe(A);
    expect(boundAccount(set, { sessionId: main }, at(3 * HOUR + 30 * MINUTE))).toBeUndefined();
    expect(boundAccount(set, { sessionId: other }, at(3 * HOUR + 10 * MINUTE))).toBeUndefined();
  });

  it("CON-13: counts them as they were, when it was set back", () => {
    const set = afterClockJump(bindSession({}, main, A, NOW), -3 * HOUR, at(-3 * HOUR + 10 * MINUTE));
    expect(boundAccount(set, { sessionId: main }, at(-3 * HOUR + 30 * MINUTE - 1))).toBe(A);
    expect(boundAccount(set, { sessionId: main }, at(-3 * HOUR + 30 * MINUTE))).toBeUndefined();
  });

  it("makes no instant before the epoch, however far back the clock was set", () => {
    const set = afterClockJump(bindSession({}, main, A, NOW), -10 * MINUTE - NOW, epochMs(0));
    expect(set[main]?.at).toBe(0);
  });

  it("leaves what is of after the jump, and what another process has put right", () => {
    for (const [jumpedMs, now] of [
      [3 * HOUR, at(3 * HOUR + 10 * MINUTE)],
      [-3 * HOUR, at(-3 * HOUR + 10 * MINUTE)],
    ] as const) {
      const set = bindSession(afterClockJump(bindSession({}, main, A, NOW), jumpedMs, now), child, B, now);
      expect(afterClockJump(set, jumpedMs, after(now, 1_000))).toEqual(set);
    }
  });
});

describe("liveSessions", () => {
  it("counts the conversations of each account that have not paused for 10 minutes", () => {
    const affinity = bindSession(
      bindSession(bindSession({}, main, A, NOW), child, A, at(MINUTE)),
      other,
      B,
      NOW,
    );
    expect(liveSessions(affinity, NOW)).toEqual(
      new Map([
        [A, 2],
        [B, 1],
      ]),
    );
    expect(liveSessions(affinity, at(10 * MINUTE - 1)).get(B)).toBe(1);
    expect(liveSessions(affinity, at(10 * MINUTE))).toEqual(new Map([[A, 1]]));
    expect(liveSessions(affinity, at(11 * MINUTE))).toEqual(new Map());
  });

  it("tells of an earlier instant what was so then", () => {
    const affinity = bindSession({}, main, A, NOW);
    expect(liveSessions(affinity, at(40 * MINUTE)).size).toBe(0);
    expect(liveSessions(affinity, at(MINUTE)).get(A)).toBe(1);
  });

  it("counts bindings anew where they have changed", () => {
    const affinity = bindSession({}, main, A, NOW);
    expect(liveSessions(affinity, NOW).get(A)).toBe(1);
    expect(liveSessions(bindSession(affinity, child, A, NOW), NOW).get(A)).toBe(2);
  });
});

function bindMany(affinity: Affinity, count: number, now: EpochMs): Affinity {
  let bound = affinity;
  for (let turn = 0; turn < count; turn++)
    bound = bindSession(bound, sessionId(`s${turn}`), A, after(now, turn));
  return bound;
}
