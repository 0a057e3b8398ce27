import { describe, expect, it } from "vitest";
import { answerBody, type BodyEnd } from "./answer-body.ts";
import { webResponse } from "./web.ts";
import { createEventGate, createOpenGate, type Gate } from "./event-gate.ts";

const encoder = new TextEncoder();
const delta = 'event: response.output_text.delta\ndata: {"delta":"x"}\n\n';
const completed = "event: response.completed\ndata: {}\n\n";

describe("answerBody", () => {
  it("CON-12: takes no more from the upstream than the client reads", async () => {
    const { body, pulled } = flowing(
      createEventGate(),
      Array.from({ length: 1_000 }, () => delta),
    );
    const reader = body.getReader();
    for (let reads = 1; reads <= 20; reads += 1) {
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toBe(delta);
      // A turn of the event loop: time enough to read ahead, were that done.
      await new Promise((resolve) => setImmediate(resolve));
      expect(pulled()).toBeLessThanOrEqual(reads + 1);
    }
  });

  it("passes the bytes on as they came", async () => {
    const { body, ends } = flowing(createEventGate(), [delta + delta.slice(0, 9), delta.slice(9), completed]);
    expect(await new Response(body).text()).toBe(delta + delta + completed);
    expect(ends).toEqual(["completed"]);
  });

  it("keeps an answer that is complete as it is, even when the connection breaks after it", async () => {
    const { body, ends } = flowing(createEventGate(), [delta, completed, new Error("reset")]);
    expect(await new Response(body).text()).toBe(delta + completed);
    expect(ends).toEqual(["completed"]);
  });

  it("CON-18: closes a torn event before it says that the answer was cut", async () => {
    const large = `data: ${"x".repeat(300_000)}`;
    const { body, ends } = flowing(createEventGate(), [delta, large, new Error("reset")]);
    const text = await new Response(body).text();
    expect(text.startsWith(`${delta}${large}\n\nevent: response.failed\ndata: {`)).toBe(true);
    expect(text.endsWith("}\n\n")).toBe(true);
    expect(ends).toEqual(["cut"]);
  });

  it("does not add events to what is no event stream: there a cut is an error", async () => {
    const { body, ends } = flowing(createOpenGate(), ['{"half":', new Error("reset")]);
    await expect(new Response(body).text()).rejects.toThrow("reset");
    expect(ends).toEqual(["cut"]);
  });

  it("CON-11: ends when the client called the request off, even if nobody reads on", async () => {
    const { body, ends, abort } = flowing(createEventGate(), [delta, delta]);
    await body.getReader().read();
    abort();
    expect(ends).toEqual(["aborted"]);
  });

  it("CON-11: cancelling it closes the upstream connection", async () => {
    const { body, ends, isAborted } = flowing(createEventGate(), [delta, delta]);
    const reader = body.getReader();
    await reader.read();
    await reader.cancel();
    expect(isAborted()).toBe(true);
    expect(ends).toEqual(["aborted"]);
  });
});

function flowing(gate: Gate, chunks: readonly (string | Error)[]) {
  const controller = new AbortController();
  const ends: BodyEnd[] = [];
  let pulls = 0;
  const upstream = new ReadableStream<Uint8Array>(
    {
      pull(source) {
        const chunk = chunks[pulls];
        pulls += 1;
        if (chunk === undefined) source.close();
        else if (typeof chunk === "string") source.enqueue(encoder.encode(chunk));
        else source.error(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  const answer = answerBody(
    { gate, body: upstream.getReader(), state: "flowing" },
    {
      signal: controller.signal,
      abort: () => controller.abort(),
      whenAborted: (run) => controller.signal.addEventListener("abort", run),
      onEnd: (end) => void ends.push(end),
    },
  );
  const { body } = webResponse({ status: 200, statusText: "", headers: new Headers(), body: answer });
  if (body === null) throw new Error("a response without a body");
  return {
    body,
    ends,
    pulled: () => pulls,
    abort: () => controller.abort(),
    isAborted: () => controller.signal.aborted,
  };
}
