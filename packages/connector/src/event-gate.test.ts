import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventGate, createOpenGate, type Gate } from "./event-gate.ts";

const encoder = new TextEncoder();
const created = 'event: response.created\ndata: {"type":"response.created"}\n\n';
const delta = 'event: response.output_text.delta\ndata: {"delta":"x"}\n\n';
const failed = 'event: response.failed\ndata: {"response":{"error":{"code":"server_is_overloaded"}}}\n\n';

describe("createEventGate", () => {
  it("holds an incomplete event back until it is complete", () => {
    const gate = createEventGate();
    gate.push(encoder.encode(`${created}event: response.output_text.de`));
    expect(drained(gate)).toBe(created);
    gate.push(encoder.encode('lta\ndata: {"delta":'));
    expect(drained(gate)).toBe("");
    gate.push(encoder.encode('"x"}\n\n'));
    expect(drained(gate)).toBe(delta);
    expect(gate.progress).toMatchObject({ generated: true, completed: false, torn: false });
  });

  it("lets bytes out as they came in, in their order, however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(created, delta, ": ping\n\n", "junk"), { maxLength: 9 }),
        fc.nat(40),
        (events, size) => {
          const bytes = encoder.encode(events.join(""));
          const gate = createEventGate();
          for (let at = 0; at < bytes.length; at += size + 1) gate.push(bytes.subarray(at, at + size + 1));
          expect(drained(gate) + text(gate.rest())).toBe(events.join(""));
        },
      ),
    );
  });

  it("does not hold back without bound", () => {
    const gate = createEventGate();
    for (let part = 0; part < 20; part += 1) gate.push(encoder.encode("data: ".padEnd(32_768, "x")));
    expect(gate.progress.torn).toBe(true);
    expect(text(gate.rest()).length).toBeLessThanOrEqual(262_144 + 32_768);
  });

  it("tells a failure before anything generated from one after it", () => {
    const before = createEventGate();
    before.push(encoder.encode(created + failed + delta));
    expect(before.progress).toMatchObject({ generated: false, failure: { code: "server_is_overloaded" } });
    const after = createEventGate();
    after.push(encoder.encode(created + delta + failed));
    expect(after.progress).toMatchObject({ generated: true, failure: { code: "server_is_overloaded" } });
  });
});

describe("createOpenGate", () => {
  it("lets everything out at once", () => {
    const gate = createOpenGate();
    gate.push(encoder.encode("data: half"));
    expect(drained(gate)).toBe("data: half");
  });
});

function drained(gate: Gate): string {
  const parts: Uint8Array[] = [];
  for (let part = gate.next(); part !== undefined; part = gate.next()) parts.push(part);
  return text(parts);
}

function text(parts: readonly Uint8Array[]): string {
  return parts.map((part) => new TextDecoder().decode(part)).join("");
}
