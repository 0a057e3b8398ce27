import { encodeQR } from "qr";

/** A phone reads no code of more modules from a screen's corner; sign-in addresses are a tenth of it. */
const MOST_CHARACTERS = 400;

/** A text as a QR code: a row of modules each, `#` for a dark one; none where it is too long. */
export function qrRows(text: string): string[] {
  if (text.length > MOST_CHARACTERS) return [];
  const rows = encodeQR(text, "raw", { ecc: "low", border: 1 });
  return rows.map((row) => row.map((isDark) => (isDark ? "#" : ".")).join(""));
}
