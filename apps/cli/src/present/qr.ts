import { encodeQR } from "qr";

/**
 * An address as a QR code for a terminal: two rows of modules per line. Light is drawn, since terminals are dark; phones
 * read it the other way round as well.
 */
export function qrText(address: string): string {
  const rows = encodeQR(address, "raw", { ecc: "low", border: 2 });
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2) {
    const above = rows[y] ?? [];
    const below = rows[y + 1];
    lines.push(above.map((dark, x) => CELLS[dark ? 1 : 0][(below?.[x] ?? true) ? 1 : 0]).join(""));
  }
  return lines.join("\n");
}

/** By whether the upper and the lower module are dark. */
const CELLS = [
  ["█", "▀"],
  ["▄", " "],
] as const;
