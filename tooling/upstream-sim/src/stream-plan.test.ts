import { describe, expect, it } from "vitest";
import type { Answer } from "./events.ts";
import { cutStream, failingStream, gatedStream, plainStream, type StreamStep } from "./stream-plan.ts";

const answer: Answer = {
  responseId: "r1",
  model: "gpt-5.5",
  createdAt: 1_800_000_000,
  pieces: ["one ", "two"],
  text: "one two",
  reasoning: null,
  call: null,
  inputTokens: 7,
};

describe("plainStream", () => {
  it("numbers the events and ends with the usage", () => {
    const events = [...plainStream(answer)].map(dataOf);
    expect(events.map((event) => event["sequence_number"])).toEqual(events.map((_, index) => index));
    expect(events.at(-1)).toMatchObject({
      type: "response.completed",
      response: { status: "completed", usage: { input_tokens: 7, output_tokens: 2, total_tokens: 9 } },
    });
  });

  it("puts a reasoning item before the message", () => {
    const events = [...plainStream({ ...answer, reasoning: "sealed" })].map(dataOf);
    const items = events.filter((event) => event["type"] === "response.output_item.done");
    expect(items).toMatchObject([
      { output_index: 0, item: { type: "reasoning", encrypted_content: "sealed" } },
      { output_index: 1, item: { type: "message" } },
    ]);
  });

  it("waits after every event when slow", () => {
    const moves = [...plainStream(answer, 5)].map((step) => step.move);
    expect(moves.filter((move) => move === "wait")).toHaveLength(moves.length / 2);
  });
});

describe("gatedStream", () => {
  it("has one gate, right after the first visible text", () => {
    expect(shapeOf(gatedStream(answer, "g"))).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "gate",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });
});

describe("cutStream", () => {
  it.each([
    [0, 0],
    [2, 2],
    [99, 9],
  ])("after %i events sends %i and never the last", (afterEvents, sent) => {
    const shape = shapeOf(cutStream(answer, afterEvents, "drop"));
    expect(shape).toHaveLength(sent + 1);
    expect(shape.at(-1)).toBe("cut");
    expect(shape).not.toContain("response.completed");
  });
});

describe("failingStream", () => {
  it("fails before anything was generated", () => {
    const failure = { code: "server_is_overloaded", at: "before-output", shape: "error" } as const;
    const steps = [...failingStream({ ...answer, reasoning: "sealed" }, failure)];
    expect(shapeOf(steps)).toEqual(["response.created", "response.in_progress", "error"]);
    expect(steps.map(dataOf).at(-1)).toEqual({
      type: "error",
      error: { type: "server_is_overloaded", code: "server_is_overloaded", message: "overloaded" },
    });
  });

  it("fails after visible text", () => {
    const failure = { code: "usage_limit_reached", at: "after-output", shape: "response.failed" } as const;
    const steps = [...failingStream(answer, failure)];
    expect(shapeOf(steps).slice(-2)).toEqual(["response.output_text.delta", "response.failed"]);
    expect(steps.map(dataOf).at(-1)).toMatchObject({
      response: { id: "r1", status: "failed", error: { code: "usage_limit_reached" } },
    });
  });
});

function dataOf(step: StreamStep): Record<string, unknown> {
  if (step.move !== "send") return {};
  return JSON.parse(step.text.slice(step.text.indexOf("data: ") + 6)) as Record<string, unknown>;
}

function shapeOf(steps: Iterable<StreamStep>): readonly unknown[] {
  return [...steps].map((step) => (step.move === "send" ? dataOf(step)["type"] : step.move));
}
