import { err, errAsync, ok, okAsync, ResultAsync } from "neverthrow";
import { epochMs, failure, type FailoverReason } from "@open-multi-auth/domain";
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AnswerBody } from "../src/index.ts";
import { answerOf, createRig, type Rig } from "./rig.ts";

describe("a model request through the gateway", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  it("GWY-06: bytes go on as they were received, both ways", async () => {
    const body =
      '{"model":"m" , "instructions":"", "store":false,"stream":true,"input":[{"x":1.0,"y":"\\u00e9"}]}';
    const events = 'event: a\r\ndata: {"x": 1.0}\r\n\r\n: comment\n\ndata: é\n\n';
    rig.answer = () => okAsync(answerOf(events, { "x-kept": "1" }, 200));
    const answer = await rig.post({}, { body });
    expect(await answer.text()).toBe(events);
    expect(answer.headers.get("x-kept")).toBe("1");
    expect(new TextDecoder().decode(rig.asked[0]?.body ?? undefined)).toBe(body);
    expect(rig.asked[0]).toMatchObject({ path: "/responses", method: "POST", model: "m" });
  });

  it.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ])("takes %s off, so that it can be read and sent again", async (coding, compress) => {
    const body = '{"model":"m","stream":true,"store":false,"instructions":""}';
    await rig.post({}, { body: new Uint8Array(compress(body)), headers: { "content-encoding": coding } });
    expect(new TextDecoder().decode(rig.asked[0]?.body ?? undefined)).toBe(body);
    expect(rig.asked[0]?.headers).not.toHaveProperty("content-encoding");
  });

  it("GWY-05: drops every credential at the door, and what belongs to the connection", async () => {
    const secrets = {
      cookie: "session=canary-cookie",
      "x-api-key": "canary-key",
      "api-key": "canary-azure",
      "chatgpt-account-id": "canary-account",
      "openai-organization": "canary-org",
      "proxy-authorization": "Basic canary",
      "x-openai-api-key": "canary-other",
      "x-goog-api-key": "canary-goog",
      "x-auth-token": "canary-token",
    };
    await rig.post({ model: "m" }, { headers: { ...secrets, originator: "x", "session-id": "s1" } });
    const { headers, sessionId } = rig.asked[0] ?? {};
    expect(JSON.stringify(headers)).not.toMatch(/canary|oma_/);
    expect(headers).toMatchObject({ originator: "x", "session-id": "s1" });
    expect(Object.keys(headers ?? {})).not.toContain("host");
    expect(sessionId).toBe("s1");
  });

  it("ends what a client says of its own connection here, by whatever name", async () => {
    const socket = await ask(rig, { model: "m" }, ["connection: close, X-Hop", "x-hop: 1", "x-kept: 2"]);
    socket.destroy();
    expect(rig.asked[0]?.headers).toMatchObject({ "x-kept": "2" });
    expect(rig.asked[0]?.headers).not.toHaveProperty("x-hop");
  });

  it("knows a conversation by the key of its prompt cache, where no header names it", async () => {
    await rig.post({ model: "m", prompt_cache_key: "thread-1" });
    expect(rig.asked[0]?.sessionId).toBe("thread-1");
  });

  it("GWY-06: a client that goes away calls the upstream request off, before and during the answer", async () => {
    const leaving = new AbortController();
    rig.answer = ({ signal }) =>
      new ResultAsync(
        new Promise((resolve) =>
          signal.addEventListener("abort", () => resolve(err(failure("REQUEST_ABORTED", "called off", {})))),
        ),
      );
    const waiting = rig.post({ model: "m" }, { signal: leaving.signal });
    await expect.poll(() => rig.asked.length).toBe(1);
    leaving.abort();
    await expect(waiting).rejects.toThrow("aborted");
    await expect.poll(() => rig.asked[0]?.signal.aborted).toBe(true);

    const second = new AbortController();
    let cancelled = false;
    const body = endless(
      () => {},
      () => (cancelled = true),
    );
    rig.answer = () => okAsync(answerOf(body));
    const answer = await rig.post({ model: "m", stream: true }, { signal: second.signal });
    await answer.body?.getReader().read();
    second.abort();
    await expect.poll(() => cancelled).toBe(true);
    expect(rig.asked[1]?.signal.aborted).toBe(true);
  });

  it("GWY-06: with a client that goes away ends also what it has asked for behind the answer under way", async () => {
    rig.answer = () => okAsync(answerOf(endless(() => {})));
    const socket = await ask(rig, { model: "m", stream: true }, [], 2);
    await expect.poll(() => rig.asked.length).toBe(2);
    socket.destroy();
    await expect.poll(() => rig.asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it("GWY-06: a reader that stalls makes the upstream wait, with a bounded amount on the way", async () => {
    let given = 0;
    rig.answer = () => okAsync(answerOf(endless((bytes) => (given += bytes))));
    const socket = await ask(rig, { model: "m", stream: true });
    socket.pause();
    let before = -1;
    // Until the sockets' own buffers are full, and nothing more is taken.
    await expect
      .poll(
        () => {
          const stands = given === before;
          before = given;
          return stands && given > 0;
        },
        { interval: 200, timeout: 20_000 },
      )
      .toBe(true);
    expect(given).toBeLessThan(16 * 1024 * 1024);
    const stalledAt = given;
    socket.resume();
    await expect.poll(() => given, { timeout: 20_000 }).toBeGreaterThan(stalledAt + 1024 * 1024);
    socket.destroy();
  });

  it("an answer that breaks off breaks off for the client too, and the gateway lives on", async () => {
    let reads = 0;
    const broken: AnswerBody = {
      read() {
        reads += 1;
        if (reads === 1) return { done: false, value: new TextEncoder().encode("data: 1\n\n") };
        throw new Error("lost");
      },
      cancel() {},
    };
    rig.answer = () => okAsync(answerOf(broken));
    const answer = await rig.post({ model: "m", stream: true });
    await expect(answer.text()).rejects.toThrow("terminated");
    expect(rig.problems).toEqual([]);
    expect((await rig.fetch("/api/health")).status).toBe(200);
  });

  it("an answer that cannot be sent is a 500, and its rest is called off", async () => {
    let isCancelled = false;
    const body = endless(
      () => {},
      () => (isCancelled = true),
    );
    const headers: [string, string][] = [["x-torn", "a\nb"]];
    rig.answer = () => okAsync({ ...answerOf(body), headers });
    expect((await rig.post({ model: "m", stream: true })).status).toBe(500);
    expect(isCancelled).toBe(true);
    expect(rig.problems).toHaveLength(1);
  });

  it("GWY-03: gives a client that asks for no stream one JSON answer", async () => {
    const response = { id: "r", object: "response", status: "completed", output: [{ type: "message" }] };
    const stream = `data: ${JSON.stringify({ type: "response.completed", response })}\n\n`;
    rig.answer = () => okAsync(answerOf(stream, { "x-kept": "1" }));
    const answer = await rig.post({ model: "m", input: "hi" });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("x-kept")).toBe("1");
    expect(await answer.json()).toEqual(response);
    expect(JSON.parse(new TextDecoder().decode(rig.asked[0]?.body ?? undefined))).toMatchObject({
      stream: true,
    });
  });

  it("passes the upstream's own refusals as they are", async () => {
    const refusal = '{"detail":"no such model"}';
    rig.answer = () => okAsync(answerOf(refusal, { "content-type": "application/json" }, 400));
    const answer = await rig.post({ model: "m" });
    expect([answer.status, await answer.text()]).toEqual([400, refusal]);
  });

  it("GWY-04: shows what the pool has left instead of what the account has, in headers and in the usage endpoint", async () => {
    const at = epochMs(1_800_000_600_000);
    rig.usage = {
      isAllowed: true,
      fiveHour: { usedPercent: 40, windowMinutes: 300, resetAt: at },
      weekly: { usedPercent: 7, windowMinutes: 10_080, resetAt: at },
    };
    const ofOne = {
      "x-codex-primary-used-percent": "100",
      "x-codex-primary-reset-at": "1",
      "x-codex-secondary-used-percent": "99",
      "x-codex-bengalfox-primary-used-percent": "100",
      "x-codex-bengalfox-limit-name": "other",
      "x-codex-credits-balance": "3",
      "x-codex-rate-limit-reached-type": "rate_limit_reached",
      "x-codex-plan-type": "plus",
      "x-codex-turn-state": "opaque",
    };
    rig.answer = () => okAsync(answerOf("data: 1\n\n", ofOne));
    const { headers } = await rig.post({ model: "m", stream: true });
    const shown = [...headers].filter(([name]) => name.startsWith("x-codex-"));
    expect(Object.fromEntries(shown)).toEqual({
      "x-codex-primary-used-percent": "40",
      "x-codex-primary-window-minutes": "300",
      "x-codex-primary-reset-at": "1800000600",
      "x-codex-secondary-used-percent": "7",
      "x-codex-secondary-window-minutes": "10080",
      "x-codex-secondary-reset-at": "1800000600",
      "x-codex-turn-state": "opaque",
    });
    for (const path of ["/backend-api/wham/usage", "/api/codex/usage"]) {
      expect(await (await rig.fetch(path)).json()).toMatchObject({
        rate_limit: {
          allowed: true,
          limit_reached: false,
          primary_window: {
            used_percent: 40,
            limit_window_seconds: 18_000,
            reset_after_seconds: 600,
            reset_at: 1_800_000_600,
          },
          secondary_window: { used_percent: 7, limit_window_seconds: 604_800 },
        },
      });
    }
  });

  it("GWY-04: says when to come back where no account can serve: at once to the Codex CLI, soon, never", async () => {
    const at = (ms: number): void => {
      const nextRetryAt = epochMs(1_800_000_000_000 + ms);
      rig.answer = () => errAsync(failure("ALL_ACCOUNTS_EXHAUSTED", "all failed", { nextRetryAt }));
    };
    at(3_600_000);
    const long = await rig.post({ model: "m" });
    expect([long.status, long.headers.get("retry-after"), await long.json()]).toEqual([
      429,
      "3600",
      {
        error: expect.objectContaining({
          type: "usage_limit_reached",
          code: "ALL_ACCOUNTS_EXHAUSTED",
          resets_at: 1_800_003_600,
          resets_in_seconds: 3_600,
        }),
      },
    ]);
    at(1_500);
    const soon = await rig.post({ model: "m" });
    expect([soon.status, soon.headers.get("retry-after")]).toEqual([429, "2"]);
    expect(await soon.json()).toMatchObject({ error: { type: "rate_limit_exceeded" } });

    at(3_600_000);
    const openCode = { "user-agent": "opencode/1.18.33 ai-sdk" };
    const told = await rig.post({ model: "m" }, { headers: openCode });
    expect([told.status, told.headers.get("retry-after")]).toEqual([403, null]);
    // Digits and such words have OpenCode ask again.
    expect(await told.text()).not.toMatch(/\d|rate limit|try again|too many/i);

    rig.answer = () => errAsync(failure("NO_ELIGIBLE_ACCOUNTS", "none", {}));
    expect((await rig.post({ model: "m" })).status).toBe(403);
    rig.answer = () => errAsync(failure("HOST_OFFLINE", "offline", {}));
    expect((await rig.post({ model: "m" })).status).toBe(503);
  });

  it("GWY-04: speaks of no limit, and of no time, where the accounts do not have the model", async () => {
    const nextRetryAt = epochMs(1_800_003_600_000);
    const refused = async (...reasons: readonly FailoverReason[]): Promise<Response> => {
      const named = Object.fromEntries(reasons.map((reason, at) => [`a${at}`, reason]));
      rig.answer = () => errAsync(failure("NO_ELIGIBLE_ACCOUNTS", "none", { nextRetryAt, reasons: named }));
      return rig.post({ model: "m" }, { headers: { "user-agent": "opencode/1.18.33 ai-sdk" } });
    };
    const answer = await refused("model-unsupported", "disabled");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([400, null]);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({ error: { code: "MODEL_UNSUPPORTED" } });
    expect(body).not.toMatch(/\d|limit|try again/i);
    expect((await refused("model-unsupported", "quota-exhausted")).status).toBe(403);
    expect((await refused("disabled")).status).toBe(403);
  });

  it("closes: streams under way may end, then nobody is kept waiting", async () => {
    const gate = new EventEmitter();
    rig.answer = () => new ResultAsync(once(gate, "open").then(() => ok(answerOf("data: last\n\n"))));
    const under = rig.post({ model: "m", stream: true });
    await expect.poll(() => rig.asked.length).toBe(1);
    const closed = rig.gateway.close();
    gate.emit("open");
    expect(await (await under).text()).toBe("data: last\n\n");
    await closed;
    await expect(fetch(`${rig.gateway.url}/api/health`)).rejects.toThrow("fetch failed");
  });
});

/** A body without an end. */
function endless(onRead: (bytes: number) => void, onCancel: () => void = () => {}): AnswerBody {
  const value = new Uint8Array(64 * 1024).fill(120);
  return {
    async read() {
      await new Promise((resolve) => setImmediate(resolve));
      onRead(value.length);
      return { done: false, value };
    },
    cancel: onCancel,
  };
}

async function ask(
  { gateway, key }: Rig,
  body: object,
  more: readonly string[] = [],
  times = 1,
): Promise<Socket> {
  const socket = connect(gateway.port, "127.0.0.1");
  await once(socket, "connect");
  const text = JSON.stringify(body);
  const head = [
    `host: 127.0.0.1:${gateway.port}`,
    `authorization: Bearer ${key}`,
    "content-type: application/json",
    ...more,
  ];
  const request = `POST /v1/responses HTTP/1.1\r\n${head.join("\r\n")}\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  socket.write(request.repeat(times));
  await once(socket, "readable");
  return socket;
}
