import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSseScanner } from "./sse-scanner.ts";
import type { StreamEvent } from "./stream-event.ts";

const encoder = new TextEncoder();
const named = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const unnamed = (type: string, more: object = {}): string => `data: ${JSON.stringify({ ...more, type })}\n\n`;

describe("createSseScanner", () => {
  it.each([
    [named("response.created"), "preamble"],
    [named("response.in_progress"), "preamble"],
    [named("response.queued"), "preamble"],
    [named("response.output_item.added"), "generated"],
    [named("response.output_text.delta", { delta: "x" }), "generated"],
    [named("response.completed"), "completed"],
    [named("response.incomplete"), "completed"],
    [named("response.failed"), "failed"],
    [named("error"), "failed"],
    [unnamed("response.created", { response: { type: "x", id: "r" } }), "preamble"],
    [unnamed("response.output_text.delta"), "generated"],
    [unnamed("response.completed"), "completed"],
    [unnamed("error", { code: "c" }), "failed"],
    ["data: [DONE]\n\n", "completed"],
    ["data: not json\n\n", "generated"],
    ["data:{}\nevent:response.created\n\n", "preamble"],
    ["event: response.created\r\ndata: {}\r\n\r\n", "preamble"],
  ])("%j is %s", (text, kind) => {
    expect(scan([text]).map((event) => event.kind)).toEqual([kind]);
  });

  it("passes over comments, other fields and events without data", () => {
    expect(scan([": keep-alive\n\n", "id: 1\nretry: 5\n\n", "event: error\n\n"])).toEqual([]);
  });

  it("reads the error of a failure, also over several lines of data", () => {
    const error = { code: "usage_limit_reached", message: "é".repeat(10), resets_in_seconds: 3 };
    const lines = JSON.stringify({ type: "error", error }, null, 1).split("\n");
    const text = `event: error\n${lines.map((line) => `data: ${line}\n`).join("")}\n`;
    const { code, message } = error;
    expect(scan([text])).toEqual([{ kind: "failed", error: { code, message, resetsInSeconds: 3 } }]);
  });

  it("says how far the complete events reach", () => {
    const scanner = createSseScanner(() => {});
    const text = named("response.created");
    expect(scanner.push(encoder.encode(`${text}event: x`))).toBe(text.length);
    expect(scanner.push(encoder.encode("\ndata: {}\n"))).toBe(0);
    expect(scanner.push(encoder.encode("\n"))).toBe(1);
  });

  it("keeps a bounded part of an endless line and goes on after it", () => {
    const chunks = Array.from({ length: 64 }, () => "y".repeat(32_768));
    const kinds = scan([`data: {"type":"response.created","x":"`, ...chunks, `"}\n\n`, named("error")]);
    expect(kinds.map((event) => event.kind)).toEqual(["preamble", "failed"]);
  });

  it("CON-18: knows an event without a name by its type, be it the last field of a large one", () => {
    const big = `data: ${JSON.stringify({ response: { output: "y".repeat(70_000) }, type: "response.completed" })}\n\n`;
    expect(scan([big])).toEqual([{ kind: "completed" }]);
    const bytes = encoder.encode(big);
    for (const size of [1_000, 16_384, 65_537, bytes.length - 3]) {
      const cuts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, part) =>
        bytes.subarray(part * size, (part + 1) * size),
      );
      expect(scanBytes(cuts)).toEqual([{ kind: "completed" }]);
    }
    expect(scan([big.replace(`"type":"response.completed"}`, `"item":{"type":"error"}}`)])).toEqual([
      { kind: "generated" },
    ]);
  });

  it("finds the same events in the same bytes however they are cut", () => {
    const event = fc.oneof(
      fc.constantFrom(
        named("response.created"),
        named("response.output_text.delta", { delta: 'é\\n"' }),
        named("response.failed", { response: { error: { code: "c", message: "ü" } } }),
        unnamed("response.completed", { big: "z".repeat(300) }),
        unnamed("error", { error: { code: "e" } }),
        ": ping\n\n",
        "data: a\ndata: b\n\n",
        "data: [DONE]\n\n",
      ),
    );
    const stream = fc.record({ events: fc.array(event, { maxLength: 8 }), crlf: fc.boolean() });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(2_000), { maxLength: 30 }), ({ events, crlf }, cuts) => {
        const text = events.join("");
        const bytes = encoder.encode(crlf ? text.replaceAll("\n", "\r\n") : text);
        expect(scanBytes(pieces(bytes, cuts))).toEqual(scanBytes([bytes]));
        expect(scanBytes([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(scanBytes([bytes]));
      }),
    );
  });
});

function scan(texts: readonly string[]): StreamEvent[] {
  return scanBytes(texts.map((text) => encoder.encode(text)));
}

function scanBytes(chunks: readonly Uint8Array[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const scanner = createSseScanner((event) => void events.push(event));
  for (const chunk of chunks) scanner.push(chunk);
  return events;
}

function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}
