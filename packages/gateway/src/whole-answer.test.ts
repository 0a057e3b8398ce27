import { describe, expect, it } from "vitest";
import type { AnswerBody } from "./ports.ts";
import { wholeAnswer } from "./whole-answer.ts";

describe("wholeAnswer", () => {
  it("gives the answer that the stream ends with, whatever chunks it comes in", async () => {
    const response = {
      id: "r",
      status: "completed",
      output: [{ type: "message", text: "é 😀" }],
      usage: { total: 1 },
    };
    const stream = events({ type: "response.created" }, { type: "response.completed", response });
    for (const size of [1, 3, 7, 10_000]) {
      expect(await wholeAnswer(bodyOf(stream, size))).toEqual({
        kind: "answer",
        json: JSON.stringify(response),
      });
    }
  });

  it("puts the finished parts in where the last event has none, in their order", async () => {
    const stream = events(
      { type: "response.output_item.done", output_index: 1, item: { id: "b" } },
      { type: "response.output_item.done", output_index: 0, item: { id: "a" } },
      { type: "response.incomplete", response: { id: "r", status: "incomplete", output: [] } },
    );
    const answer = await wholeAnswer(bodyOf(stream, 50));
    expect(answer.kind === "answer" && JSON.parse(answer.json)).toEqual({
      id: "r",
      status: "incomplete",
      output: [{ id: "a" }, { id: "b" }],
    });
  });

  it.each([
    ["server_error", 502],
    ["rate_limit_exceeded", 429],
    ["usage_limit_reached", 429],
    ["context_length_exceeded", 400],
  ])("tells %s as %d", async (code, status) => {
    const error = { code, message: "why" };
    const failed = events({ type: "response.failed", response: { error } });
    expect(await wholeAnswer(bodyOf(failed, 9))).toEqual({
      kind: "failed",
      error: { status, code, message: "why" },
    });
    expect(await wholeAnswer(bodyOf(events({ type: "error", error }), 9))).toMatchObject({
      error: { status, code },
    });
  });

  it("tells an answer that broke off", async () => {
    const cut = events({ type: "response.created" }, { type: "response.output_text.delta", delta: "x" });
    expect(await wholeAnswer(bodyOf(cut, 9))).toMatchObject({ error: { status: 502, code: "ANSWER_CUT" } });
  });

  it("is not misled by a text that speaks of events", async () => {
    const delta = { type: "response.output_text.delta", delta: '{"type":"response.failed"}' };
    const response = { id: "r", output: [1] };
    const stream = events(delta, { type: "response.completed", response });
    expect(await wholeAnswer(bodyOf(stream, 20))).toMatchObject({
      kind: "answer",
      json: JSON.stringify(response),
    });
  });
});

function events(...all: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const text = all
    .map((event) => `event: ${String(event["type"])}\r\ndata: ${JSON.stringify(event)}\r\n\r\n`)
    .join("");
  return new TextEncoder().encode(text);
}

function bodyOf(bytes: Uint8Array, size: number): AnswerBody {
  let at = 0;
  return {
    read() {
      if (at >= bytes.length) return { done: true };
      at += size;
      return { done: false, value: bytes.subarray(at - size, at) };
    },
    cancel() {},
  };
}
