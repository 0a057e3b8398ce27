/** An address as a QR code, dark on light whatever the theme, as scanners want it; nothing for a very long one. */
export function Qr({ text, rows }: { readonly text: string; readonly rows: readonly string[] }) {
  const { length } = rows;
  if (length === 0) return null;
  const d = rows.map((row, y) => row.replace(/#/g, (_, x) => `M${x} ${y}h1v1h-1z`).replaceAll(".", ""));
  return (
    <div class="qr">
      <svg
        viewBox={`0 0 ${length} ${length}`}
        shape-rendering="crispEdges"
        role="img"
        aria-label={`QR code of ${text}`}
      >
        <path d={d.join("")} fill="currentColor" />
      </svg>
    </div>
  );
}
