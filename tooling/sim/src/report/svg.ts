/** Parts of an SVG that can be read on light and on dark pages. */

const STYLE = `<style>
text{font:13px system-ui,sans-serif;fill:#24292f}
.faint{fill:#57606a}
.grid{stroke:#d0d7de}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.faint{fill:#9198a1}.grid{stroke:#3d444d}}
</style>`;

export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">`;
  return [head, `<title>${escape(title)}</title>`, STYLE, ...parts, "</svg>", ""].join("\n");
}

export function text(
  x: number,
  y: number,
  content: string,
  { anchor = "start", faint = false }: { anchor?: "start" | "middle" | "end"; faint?: boolean } = {},
): string {
  const style = faint ? ' class="faint"' : "";
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${style}>${escape(content)}</text>`;
}

export function gridLine(x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="grid" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

/** What a row of marks looks like; every row has a shape of its own, so that colours are not needed to tell them. */
export interface Mark {
  readonly colour: string;
  readonly shape: "disc" | "ring" | "square" | "diamond" | "triangle" | "cross";
}

export function mark(x: number, y: number, { colour, shape }: Mark, title: string): string {
  return `<g transform="translate(${round(x)} ${round(y)})" fill="${colour}" stroke="${colour}" stroke-width="2"><title>${escape(title)}</title>${SHAPES[shape]}</g>`;
}

const SHAPES: Readonly<Record<Mark["shape"], string>> = {
  disc: '<circle r="5.5"/>',
  ring: '<circle r="5" fill="none"/>',
  square: '<rect x="-4" y="-4" width="8" height="8" fill="none"/>',
  diamond: '<path d="M0-6 6 0 0 6-6 0z" fill="none"/>',
  triangle: '<path d="M0-5 5 4-5 4z" fill="none"/>',
  cross: '<path d="M-4-4 4 4M-4 4 4-4" fill="none"/>',
};

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
