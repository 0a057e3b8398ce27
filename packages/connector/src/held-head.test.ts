import { describe, expect, it } from "vitest";
import { prompt } from "../test/kit.ts";
import { event, scripted, type Move } from "../test/scripted.ts";
import type { Timers } from "./ports.ts";

const LIMIT = event("response.failed", {
  response: { error: { code: "usage_limit_reached", message: "no" } },
});
const created = event("response.created");

describe("the hold", () => {
  it("CON-18: a limit after a preamble that repeats large instructions fails over unseen", async () => {
    const echo = { response: { instructions: "x".repeat(35_000) } };
    const upstream = stalling(event("response.created", echo), event("response.in_progress", echo), LIMIT);
    const { connector, sent } = scripted({ a: [upstream.move], b: [200] });
    expect(await textOf(connector)).toContain('"delta":"ok"');
    expect(sent).toEqual(["a", "b"]);
  });

  it("CON-18: a limit after a preamble and seconds of silence fails over unseen", async () => {
    const timers = manualTimers();
    const upstream = stalling(created);
    const { connector, sent } = scripted({ a: [upstream.move], b: [200] }, { deps: { timers } });
    const answered = textOf(connector);
    await upstream.isRead;
    await timers.advance(20_000);
    upstream.say(LIMIT);
    expect(await answered).not.toContain("response.failed");
    expect(sent).toEqual(["a", "b"]);
  });

  it("CON-18: holds a preamble back for 30 seconds and no longer", async () => {
    const timers = manualTimers();
    const upstream = stalling(created);
    const { connector } = scripted({ a: [upstream.move] }, { deps: { timers } });
    const handled = connector.handle(prompt());
    await upstream.isRead;
    await timers.advance(31_000);
    const { value } = await (await handled)._unsafeUnwrap().body!.getReader().read();
    expect(new TextDecoder().decode(value)).toBe(created);
  });

  it("CON-07: a stream that says nothing after its head is given up in time, and another account answers", async () => {
    const timers = manualTimers();
    const upstream = stalling();
    const { connector, sent, pool } = scripted({ a: [upstream.move], b: [200] }, { deps: { timers } });
    const answered = textOf(connector);
    await upstream.isRead;
    await timers.advance(89_000);
    expect(sent).toEqual(["a"]);
    await timers.advance(2_000);
    expect(await answered).toContain("response.completed");
    expect(pool.events[0]).toMatchObject({ alias: "a", event: { kind: "transient" } });
  });

  it("passes an empty answer on that is no stream, and gives up an empty stream", async () => {
    const { connector, sent } = scripted({ a: [empty("application/json")], b: [200] });
    expect(await textOf(connector)).toBe("");
    expect(sent).toEqual(["a"]);
    const stream = scripted({ a: [empty("text/event-stream")], b: [200] });
    expect(await textOf(stream.connector)).toContain("response.completed");
    expect(stream.sent).toEqual(["a", "b"]);
  });

  it.each([429, 503])("CON-07: a %i whose body never ends is judged by what has come", async (status) => {
    const timers = manualTimers();
    const upstream = stalling('{"error":');
    const { connector, pool } = scripted(
      { a: [(request) => new Response(upstream.move(request).body, { status })], b: [200] },
      { deps: { timers } },
    );
    const answered = textOf(connector);
    await upstream.isRead;
    await timers.advance(3_000);
    expect(await answered).toContain("response.completed");
    expect(pool.events[0]).toMatchObject({ alias: "a", event: { kind: "transient" } });
  });
});

const empty =
  (type: string): Move =>
  () =>
    new Response("", { headers: { "content-type": type } });

type Handles = ReturnType<typeof scripted>["connector"];

async function textOf(connector: Handles): Promise<string> {
  return (await connector.handle(prompt()))._unsafeUnwrap().text();
}

/** An upstream that says these parts and then nothing, until it is told to or called off. */
function stalling(...parts: readonly string[]) {
  let source: ReadableStreamDefaultController<Uint8Array>;
  let read: () => void;
  const isRead = new Promise<void>((resolve) => (read = resolve));
  const say = (part: string): void => source.enqueue(new TextEncoder().encode(part));
  const move = ({ signal }: Parameters<Extract<Move, (...args: never[]) => unknown>>[0]): Response => {
    const waiting = [...parts];
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (source = controller),
        pull() {
          const part = waiting.shift();
          if (part === undefined) read();
          else say(part);
        },
      },
      { highWaterMark: 0 },
    );
    signal.addEventListener("abort", () => source.error(new Error("aborted")));
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  return { move, say, isRead };
}

/** Timers that run when the test says so. */
function manualTimers(): Timers & { advance(ms: number): Promise<void> } {
  let now = 0;
  const waiting = new Set<{ at: number; run: () => void }>();
  return {
    after(ms, run) {
      const timer = { at: now + ms, run };
      waiting.add(timer);
      return () => void waiting.delete(timer);
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        waiting.delete(next);
        now = next.at;
        next.run();
        // A turn of the event loop: what waited for it goes on.
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    },
  };
}
