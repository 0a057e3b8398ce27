import { sessionId } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { ANSWER, scripted, streamed, type Move } from "../test/scripted.ts";

const burst: Move = () => new Response("{}", { status: 429, headers: { "retry-after": "2" } });
const usageLimit: Move = () =>
  Response.json({ error: { type: "usage_limit_reached", resets_in_seconds: 86_400 } }, { status: 429 });
const hang: Move = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
const of = (conversation: string) => ({ ...prompt(), sessionId: sessionId(conversation) });

describe("requests under way", () => {
  it("are told until their answer has ended, was cancelled, or the client went away", async () => {
    const { connector, pool } = scripted({ a: [200] });
    const answers = await Promise.all([1, 2, 3].map(() => connector.handle(prompt())));
    const [read, cancelled, left] = answers.map((answer) => answer._unsafeUnwrap().body);
    expect(pool.underWay()).toBe(3);
    await new Response(read).text();
    expect(pool.underWay()).toBe(2);
    await cancelled?.cancel();
    expect(pool.underWay()).toBe(1);
    await left?.cancel();

    const client = new AbortController();
    const asked = await connector.handle({ ...prompt(), signal: client.signal });
    expect(asked.isOk() && pool.underWay()).toBe(1);
    client.abort();
    expect(pool.underWay()).toBe(0);
  });

  it("are none of an account that failed, or that the client did not wait for", async () => {
    const { connector, pool } = scripted({ a: [500], b: [hang] });
    const client = new AbortController();
    const asked = connector.handle({ ...prompt(), signal: client.signal });
    await expect.poll(() => pool.snapshot().state.inFlight).toEqual(new Map([[pool.account("b").id, 1]]));
    client.abort();
    expect((await asked)._unsafeUnwrapErr().code).toBe("REQUEST_ABORTED");
    expect(pool.underWay()).toBe(0);
  });

  it("teach by a refused burst how many an account takes: the next ones go elsewhere", async () => {
    const { connector, pool, sent, clock } = scripted({ a: [200, 200, burst, 200], b: [200] });
    pool.change("b", (account) => ({ ...account, enabled: false }));
    const open = [await connector.handle(of("one")), await connector.handle(of("two"))];
    pool.change("b", (account) => ({ ...account, enabled: true }));
    pool.forced = {
      alias: pool.account("a").alias,
      until: (clock.now() + 1e9) as ReturnType<typeof clock.now>,
    };
    await (await connector.handle(of("three")))._unsafeUnwrap().text();
    expect(sent).toEqual(["a", "a", "a", "b"]);
    expect(pool.account("a").concurrency?.cap).toBe(2);

    clock.offsetMs += 2_000;
    await (await connector.handle(of("four")))._unsafeUnwrap().text();
    expect(sent.at(-1)).toBe("b");
    for (const answer of open) await answer._unsafeUnwrap().text();
    await (await connector.handle(of("five")))._unsafeUnwrap().text();
    expect(sent.at(-1)).toBe("a");
  });

  it("by an account alone teach nothing: it was refused for its rate", async () => {
    const { connector, pool } = scripted({ a: [burst], b: [() => streamed(ANSWER)] });
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    expect(pool.account("a")).not.toHaveProperty("concurrency");
    expect(pool.account("a").rateLimitedUntil).toBeDefined();
  });
});

describe("an account that met its limit", () => {
  it("is asked again every five minutes where no other can serve, and serves again once the limit was reset early", async () => {
    const { connector, sent, clock, pool } = scripted({ a: [usageLimit, usageLimit, 200] });
    const ask = async () => {
      const result = await connector.handle(prompt());
      return result.isOk() ? "served" : result.error.code;
    };
    expect(await ask()).toBe("ALL_ACCOUNTS_EXHAUSTED");
    clock.offsetMs += 299_000;
    expect(await ask()).toBe("NO_ELIGIBLE_ACCOUNTS");
    clock.offsetMs += 1_000;
    expect(await ask()).toBe("ALL_ACCOUNTS_EXHAUSTED");
    clock.offsetMs += 299_000;
    expect(await ask()).toBe("NO_ELIGIBLE_ACCOUNTS");
    expect(sent).toHaveLength(2);
    clock.offsetMs += 1_000;
    await (await connector.handle(prompt()))._unsafeUnwrap().text();
    expect(pool.account("a")).not.toHaveProperty("rateLimitedUntil");
    expect(await ask()).toBe("served");
  });
});
