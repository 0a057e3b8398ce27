import { decisionRecordSchema } from "@open-multi-auth/domain";
import * as fc from "fast-check";
import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import type { TokenSource } from "./ports.ts";
import { event, scripted, streamed, type Move } from "../test/scripted.ts";

const refused = Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
const reset = Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
const usageLimit: Move = () =>
  Response.json({ error: { type: "usage_limit_reached", resets_in_seconds: 600 } }, { status: 429 });
const burst: Move = () => new Response("{}", { status: 429, headers: { "retry-after": "7" } });
const odd: Move = () =>
  new Response("%% this is not JSON %%", { headers: { "content-type": "application/json" } });
const wait: Move = () =>
  new Response(
    new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode(event("response.created"))) }),
    { headers: { "content-type": "text/event-stream" } },
  );
const hang: Move = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
const expired: Move = () =>
  streamed(
    event("response.created") +
      event("response.output_text.delta", { delta: "par" }) +
      event("response.failed", { response: { error: { code: "token_expired", message: "expired" } } }),
  );
const cut: Move = () =>
  streamed(event("response.output_text.delta", { delta: "par" }) + "event: response.outp");

const fail = (): never => {
  throw new Error("disk full");
};

describe("createConnector", () => {
  it("CON-08: transient failures take at most three attempts, each with another account", async () => {
    const { connector, sent } = scripted({ a: [500], b: [503], c: [reset], d: [200], e: [200] });
    const error = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(sent).toEqual(["a", "b", "c"]);
    expect(error).toMatchObject({ code: "ALL_ACCOUNTS_EXHAUSTED", details: { attempted: ["a", "b", "c"] } });
  });

  it("CON-08: any mix of failures takes no more attempts than accounts were eligible, and no account twice", async () => {
    const move = fc.constantFrom<Move>(500, 402, usageLimit, reset, refused, 200);
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        async (moves, budget) => {
          const script = Object.fromEntries(moves.map((one, index) => [`acc-${"abcdef"[index]}`, [one]]));
          const { connector, sent } = scripted(script, { settings: { maxTransientAttempts: budget } });
          const result = await connector.handle(prompt());
          expect(new Set(sent).size).toBe(sent.length);
          const named = result.isErr() ? Object.keys(result.error.details.reasons) : Object.keys(script);
          expect(named.toSorted()).toEqual(Object.keys(script));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("CON-08, CON-10: with the budget spent, it says to ask again at once for the accounts that are left", async () => {
    const { connector, clock } = scripted({ a: [503], b: [503], c: [503], d: [200], e: [200] });
    const { details } = (await connector.handle(prompt()))._unsafeUnwrapErr();
    expect(details.nextRetryAt).toBeGreaterThan(clock.now());
    expect(details.nextRetryAt).toBeLessThanOrEqual(clock.now() + 1_000);
    clock.offsetMs += 1_000;
    expect((await connector.handle(prompt())).isOk()).toBe(true);
  });

  it("CON-10: a passing failure rests its account for Retry-After, and the switch is not delayed", async () => {
    const { connector, pool, sent, clock } = scripted({ a: [burst], b: [200] });
    const before = clock.now();
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    const until = pool.account("a").rateLimitedUntil ?? 0;
    expect(until - before).toBeGreaterThanOrEqual(7_000);
    expect(until - clock.now()).toBeLessThanOrEqual(7_000);
    expect(sent).toEqual(["a", "b"]);
  });

  it("passes over an account that met its limit elsewhere while the first one was tried", async () => {
    const { connector, pool, sent, clock } = scripted({
      a: [
        () => {
          pool.change("b", (account) => ({
            ...account,
            rateLimitedUntil: (clock.now() + 9_000) as ReturnType<typeof clock.now>,
          }));
          return new Response("{}", { status: 500 });
        },
      ],
      b: [200],
      c: [200],
    });
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    expect(sent).toEqual(["a", "c"]);
  });

  it("CON-15: bookkeeping that throws fails no request", async () => {
    const { connector, pool } = scripted(
      { a: [usageLimit], b: [200] },
      { deps: { log: { append: fail }, clock: { now: fail }, random: { next: fail }, ids: fail } },
    );
    pool.record = fail;
    pool.place = fail;
    const response = (await connector.handle(prompt()))._unsafeUnwrap();
    expect(await response.text()).toContain("response.completed");
    const { connector: exhausted } = scripted({ a: [usageLimit] }, { deps: { log: { append: fail } } });
    expect((await exhausted.handle(prompt()))._unsafeUnwrapErr().code).toBe("ALL_ACCOUNTS_EXHAUSTED");
  });

  it("OBS-01: leaves one record of the agreed shape, without tokens or the prompt", async () => {
    const { connector, records } = scripted({ a: [usageLimit], b: [200] });
    await (await connector.handle(prompt("a secret prompt")))._unsafeUnwrap().text();
    expect(records).toHaveLength(1);
    const record = decisionRecordSchema.parse(JSON.parse(JSON.stringify(records[0])));
    expect(record).toMatchObject({
      requestId: "req_1",
      sessionId: "ses_1",
      model: "gpt-5.5",
      strategy: "round-robin",
      selectedAlias: "b",
      why: "strategy, then a: quota-exhausted",
      fallbackReason: "quota-exhausted",
      forceState: { active: false },
      enabledState: { enabled: 2, disabled: 0 },
      candidates: [
        { alias: "a", eligible: true, reason: "quota-exhausted" },
        { alias: "b", eligible: true },
      ],
      attempts: [
        { alias: "a", verdict: "quota", status: 429 },
        { alias: "b", verdict: "served", status: 200 },
      ],
      outcome: "served",
    });
    expect(record.firstByteMs).toBeLessThanOrEqual(record.totalMs);
    expect(JSON.stringify(records)).not.toMatch(/secret prompt|at-a|at-b|rt-|@/);
  });

  it("moves the conversation to the account that served it", async () => {
    const { connector, pool } = scripted({ a: [usageLimit], b: [200] });
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    expect(Object.values(pool.affinity()).map(({ accountId }) => accountId)).toEqual([pool.account("b").id]);
  });

  it("passes an error of the request's own through unchanged, and holds nothing against the account", async () => {
    const body = '{"error":{"message":"Unsupported value","code":"unsupported_value"}}';
    const own: Move = () =>
      new Response(body, {
        status: 400,
        headers: { "content-type": "application/json", "set-cookie": "s=1" },
      });
    const { connector, pool, sent, records } = scripted({ a: [own], b: [200] });
    const response = (await connector.handle(prompt()))._unsafeUnwrap();
    expect(response.status).toBe(400);
    expect(response.headers.has("set-cookie")).toBe(false);
    expect(await response.text()).toBe(body);
    expect(sent).toEqual(["a"]);
    expect(pool.events).toEqual([]);
    expect(records[0]).toMatchObject({ outcome: "passed-through", attempts: [{ verdict: "request-error" }] });
  });

  it("lets what is not recognisably an error through, be it no event stream at all", async () => {
    const { connector } = scripted({ a: [odd], b: [200] });
    expect(await (await connector.handle(prompt()))._unsafeUnwrap().text()).toBe("%% this is not JSON %%");
  });

  it("CON-18: does not hold a slow start back for longer than the limits say", async () => {
    const { connector } = scripted({ a: [wait] }, { deps: { limits: { holdMs: 40 } } });
    const response = (await connector.handle(prompt()))._unsafeUnwrap();
    const { value } = await response.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toContain("response.created");
  });

  it("CON-07: an answer whose head does not come in time goes to another account", async () => {
    const { connector, sent, pool } = scripted(
      { a: [hang], b: [200] },
      { deps: { limits: { headMs: 30, holdMs: 20 } } },
    );
    expect((await connector.handle(prompt())).isOk()).toBe(true);
    expect(sent).toEqual(["a", "b"]);
    expect(pool.events[0]).toMatchObject({ alias: "a", event: { kind: "transient" } });
  });

  it("CON-18: a stream that ends before its answer is complete ends with one failure event", async () => {
    const { connector, pool, records, sent } = scripted({ a: [cut], b: [200] });
    const text = await (await connector.handle(prompt()))._unsafeUnwrap().text();
    const [first, last, rest] = text.split("\n\n");
    expect(first).toContain('"delta":"par"');
    expect(last).toMatch(/^event: response.failed\ndata: \{"type":"response.failed"/);
    expect(rest).toBe("");
    expect(sent).toEqual(["a"]);
    expect(pool.events).toEqual([{ alias: "a", event: { kind: "transient" } }]);
    expect(records[0]).toMatchObject({ outcome: "interrupted", attempts: [{ verdict: "transient" }] });
  });

  it("CON-04: a token that is refused inside a stream after output is renewed for the next request, not marked", async () => {
    const asked: (string | undefined)[] = [];
    const tokens: TokenSource = {
      ensureFresh(_id, { rejected } = {}) {
        asked.push(rejected);
        return okAsync({ accessToken: "at-a", fingerprint: "one" });
      },
    };
    const { connector, pool, records } = scripted({ a: [expired] }, { deps: { tokens } });
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    expect(asked).toEqual([undefined, "one"]);
    expect(pool.events).toEqual([]);
    expect(records[0]).toMatchObject({ outcome: "interrupted", attempts: [{ verdict: "auth" }] });
  });

  it("takes a renewal that gives the refused token again for no renewal", async () => {
    const same = okAsync({ accessToken: "at-a", fingerprint: "same" });
    const { connector, pool, sent } = scripted(
      { a: [401] },
      { deps: { tokens: { ensureFresh: () => same } } },
    );
    expect((await connector.handle(prompt())).isErr()).toBe(true);
    expect(sent).toEqual(["a"]);
    expect(pool.account("a").authInvalid).toBe(true);
  });
});
