import decode from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { qrText } from "./qr.ts";

describe("qrText", () => {
  it.each(["https://auth.openai.com/codex/device", `https://example.test/${"x".repeat(200)}`])(
    "AUT-02: draws a QR code that a camera reads as %s",
    (address) => {
      expect(decode(pictureOf(qrText(address)))).toBe(address);
    },
  );
});

const SCALE = 4;

/** What a camera sees of a dark terminal: a block is light, its absence dark. */
function pictureOf(text: string): { width: number; height: number; data: Uint8Array } {
  const rows = text
    .split("\n")
    .flatMap((line) => [
      Array.from(line, (cell) => "█▀".includes(cell)),
      Array.from(line, (cell) => "█▄".includes(cell)),
    ]);
  const width = (rows[0]?.length ?? 0) * SCALE;
  const height = rows.length * SCALE;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const light = rows[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] ?? false;
      data.fill(light ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height, data };
}
