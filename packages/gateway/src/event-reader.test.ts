import { describe, expect, it } from "vitest";
import { createEventReader } from "./event-reader.ts";

describe("createEventReader", () => {
  it("GWY-03: takes a large event that comes in many small pieces, as pictures do, without reading it anew with each", () => {
    const picture = "A".repeat(16 * 1024 * 1024);
    const bytes = new TextEncoder().encode(`event: x\r\ndata: ${picture}\r\n\r\ndata: b\ndata: é\n\n`);
    const read: string[] = [];
    const reader = createEventReader((data) => void read.push(data));
    for (let at = 0; at < bytes.length; at += 512) {
      expect(reader.push(bytes.subarray(at, at + 512))).toBe(true);
    }
    expect(read.map(({ length }) => length)).toEqual([picture.length, 3]);
    expect(read[0] === picture && read[1]).toBe("b\né");
  });
});
