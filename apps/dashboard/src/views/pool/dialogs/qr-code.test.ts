import { assert, property, string } from "fast-check";
import decode from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { qrCode } from "./qr-code.ts";

describe("qrCode", () => {
  it("is read by another program's decoder, whatever text up to 106 bytes it holds", () => {
    const text = string({ unit: "binary", minLength: 1, maxLength: 106 }).filter((one) => sizeOf(one) <= 106);
    assert(
      property(text, (one) => {
        expect(read(one)).toBe(one);
      }),
      { numRuns: 20 },
    );
  });

  it("holds the address of the device flow", () => {
    expect(read("https://auth.openai.com/codex/device")).toBe("https://auth.openai.com/codex/device");
  });

  it("says that a text is too long rather than cutting it", () => {
    expect(qrCode("x".repeat(107))).toBeUndefined();
  });
});

const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

/** Draws the code as a camera would see it, and decodes that. */
function read(text: string): string {
  const code = qrCode(text) ?? [];
  const scale = 4;
  const border = 4;
  const size = (code.length + 2 * border) * scale;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const isDark = code[Math.floor(y / scale) - border]?.[Math.floor(x / scale) - border] === true;
      if (isDark) data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return decode({ width: size, height: size, data });
}
