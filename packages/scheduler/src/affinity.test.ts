import { sessionId, type Affinity } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { account, at, MINUTE, NOW } from "../test/builders.ts";
import { bindSession, boundAccount } from "./affinity.ts";

const A = account("a").id;
const B = account("b").id;
const main = sessionId("ses_main");
const child = sessionId("ses_child");

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

describe("bindSession", () => {
  it("leaves what it was given as it was", () => {
    const before: Affinity = Object.freeze({});
    bindSession(before, main, A, NOW);
    expect(before).toEqual({});
  });

  it("forgets expired bindings", () => {
    const affinity = bindSession(bindSession({}, main, A, NOW), child, B, at(30 * MINUTE));
    expect(affinity).toEqual({ ses_child: { accountId: B, at: at(30 * MINUTE) } });
  });

  it("keeps the 200 newest, always the one just bound", () => {
    let affinity: Affinity = {};
    for (let turn = 0; turn < 250; turn++)
      affinity = bindSession(affinity, sessionId(`s${turn}`), A, at(turn));
    expect(Object.keys(affinity)).toHaveLength(200);
    expect(affinity["s49"]).toBeUndefined();
    expect(affinity["s50"]).toBeDefined();
    const clockWentBack = bindSession(affinity, main, A, at(-MINUTE));
    expect(Object.keys(clockWentBack)).toHaveLength(200);
    expect(boundAccount(clockWentBack, { sessionId: main }, at(-MINUTE))).toBe(A);
  });
});
