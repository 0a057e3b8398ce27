import { describe, expect, it } from "vitest";
import { accessToken, gate, granted, harness, hasty, ID, refusal, type Answer } from "../test/support.ts";

describe("a request with a token endpoint that is silent", () => {
  it("AUT-04: keeps a request waiting 10 seconds, and saves the answer that comes later", async () => {
    const { set, timers } = bells();
    const late = gate<Answer>();
    const { tokens, store, exchanges } = harness([late.promise], { timers });
    const asked = tokens.ensureFresh(ID);
    expect(set.map(({ ms }) => ms)).toStrictEqual([10_000]);
    set[0]?.run();
    expect((await asked)._unsafeUnwrapErr()).toMatchObject({
      code: "REFRESH_UNDER_WAY",
      details: { accountId: ID },
    });
    late.open(granted("late"));
    await tokens.settled();
    expect(store.account(ID)).toMatchObject({ refreshToken: "rt_late_00000001" });
    expect((await tokens.ensureFresh(ID))._unsafeUnwrap().accessToken).toBe(accessToken("late"));
    expect(exchanges).toHaveLength(1);
  });

  it("keeps those who ask meanwhile waiting a second, and starts no other exchange for them", async () => {
    const { set, timers } = bells();
    const late = gate<Answer>();
    const { tokens, clock, exchanges } = harness([late.promise], { timers });
    const first = tokens.ensureFresh(ID);
    set[0]?.run();
    await first;
    const second = tokens.ensureFresh(ID);
    expect(set.at(-1)?.ms).toBe(1_000);
    clock.at += 30_000;
    const third = tokens.ensureFresh(ID);
    expect(set.at(-1)?.ms).toBe(10_000);
    late.open(granted("late"));
    for (const answer of [second, third])
      expect((await answer)._unsafeUnwrap().accessToken).toBe(accessToken("late"));
    expect(exchanges).toHaveLength(1);
  });

  it("calls no timer off too late: none is left after an answer", async () => {
    const { set, timers } = bells();
    const { tokens } = harness([granted("new")], { timers });
    await tokens.ensureFresh(ID);
    expect(set).toStrictEqual([]);
  });
});

describe("a request with a token endpoint in trouble", () => {
  const down = { status: 503, body: "" };

  it("tries a passing failure again twice, with growing pauses, and once only soon after", async () => {
    const pauses: number[] = [];
    const timers = { ...hasty, pause: async (ms: number) => void pauses.push(ms) };
    const { tokens, clock, exchanges } = harness([down], { timers });
    await tokens.ensureFresh(ID);
    expect([exchanges.length, pauses]).toStrictEqual([3, [250, 1_000]]);
    await tokens.ensureFresh(ID);
    expect(exchanges).toHaveLength(4);
    clock.at += 30_000;
    await tokens.ensureFresh(ID);
    expect(exchanges).toHaveLength(7);
  });

  it.each([
    ["a burst limit", { status: 429, body: {} }],
    ["silence", Object.assign(new Error("x"), { name: "TimeoutError" })],
    ["an answer without tokens", { status: 200, body: {} }],
    ["a dead token", refusal("refresh_token_expired")],
  ])("does not answer %s with another exchange", async (_name, answer) => {
    const { tokens, exchanges } = harness([answer]);
    expect((await tokens.ensureFresh(ID)).isErr()).toBe(true);
    expect(exchanges).toHaveLength(1);
  });

  it("is patient again after the first answer", async () => {
    const { tokens, exchanges } = harness([down, down, down, granted("new"), down]);
    await tokens.ensureFresh(ID);
    const { fingerprint: rejected } = (await tokens.ensureFresh(ID))._unsafeUnwrap();
    expect(exchanges).toHaveLength(4);
    await tokens.ensureFresh(ID, { rejected });
    expect(exchanges).toHaveLength(7);
  });
});

/** Timers that a test lets ring. */
function bells() {
  const set: { ms: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const bell = { ms, run };
    set.push(bell);
    return () => void set.splice(set.indexOf(bell), 1);
  };
  return { set, timers: { ...hasty, after } };
}
