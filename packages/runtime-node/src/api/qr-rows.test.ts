import decode from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { qrRows } from "./qr-rows.ts";

describe("a QR code", () => {
  it("is read as the address that it was made of", () => {
    expect(read("https://auth.openai.com/codex/device")).toBe("https://auth.openai.com/codex/device");
  });

  it("is none for an address too long to be read from a screen", () => {
    expect(qrRows(`https://auth.example/${"x".repeat(400)}`)).toEqual([]);
  });
});

/** Draws the code as a camera would see it, and decodes that. */
function read(text: string): string {
  const code = qrRows(text);
  const scale = 4;
  const border = 4;
  const size = (code.length + 2 * border) * scale;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const isDark = code[Math.floor(y / scale) - border]?.[Math.floor(x / scale) - border] === "#";
      if (isDark) data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return decode({ width: size, height: size, data });
}
