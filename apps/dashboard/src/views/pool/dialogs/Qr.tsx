import { useMemo } from "preact/hooks";
import { qrCode } from "./qr-code.ts";

/** An address as a QR code, dark on light whatever the theme, as scanners want it; nothing for a very long one. */
export function Qr({ text }: { readonly text: string }) {
  const rows = useMemo(() => qrCode(text), [text]);
  if (!rows) return null;
  const d = rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
  return (
    <div class="qr">
      <svg
        viewBox={`0 0 ${rows.length} ${rows.length}`}
        shape-rendering="crispEdges"
        role="img"
        aria-label={`QR code of ${text}`}
      >
        <path d={d} fill="currentColor" />
      </svg>
    </div>
  );
}
