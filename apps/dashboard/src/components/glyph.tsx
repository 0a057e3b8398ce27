/** How a part of a glyph is drawn: a circle's outline or disc by its radius, a path as line, area, or mark upon an area. */
type Part = readonly [
  draw: "ring" | "disc" | "line" | "area" | "mark",
  shape: number | string,
  width?: number | string,
];

const RING: Part = ["ring", 5];

/** Every state has a shape of its own, so that it can be told without its colour. */
const GLYPHS = {
  use: [
    ["disc", 3],
    ["ring", 5.25],
  ],
  next: [["area", "M2.5 1.2v9.6L11 6z"]],
  ready: [["disc", 4.5]],
  low: [RING, ["area", "M1 6a5 5 0 0 0 10 0z"]],
  crit: [RING, ["area", "M2 9a5 5 0 0 0 8 0z"]],
  rest: [RING, ["line", "M6 3.2V6l1.8 1.3"]],
  trial: [
    ["ring", 5, "2.6 2.6"],
    ["disc", 1.8],
  ],
  signin: [
    ["area", "M6 .5 11.5 6 6 11.5.5 6z"],
    ["mark", "M6 3.4v3M6 8.3v.2"],
  ],
  forced: [["line", "M3.6.8h4.8M4.4.8v3.6L2.4 6.8v1h7.2v-1l-2-2.4V.8M6 7.8v3.6"]],
  off: [RING, ["line", "M3.6 6h4.8"]],
  fresh: [RING, ["line", "m3.8 6.1 1.6 1.6 2.9-3.2"]],
  stale: [["ring", 5, "2 2.2"]],
  err: [
    ["area", "M6 .8 11.6 11H.4z"],
    ["mark", "M6 4.4v2.9M6 9v.2"],
  ],
  unknown: [
    ["line", "M3.6 3.7C3.8 2.3 4.8 1.4 6.1 1.4c1.4 0 2.5.9 2.5 2.2 0 1.8-2.4 1.9-2.4 3.8M6.1 10.4v.1", 1.6],
  ],
  warn: [["line", "M6 1 11.4 10.8H.6zM6 4.6v2.4M6 8.8v.1"]],
  pass: [["line", "m1.8 6.4 2.8 2.8 5.6-6.3", 1.8]],
  fail: [
    ["area", "M.8.8h10.4v10.4H.8z"],
    ["mark", "m4 4 4 4m0-4-4 4"],
  ],
  gone: [["line", "m2 2 8 8m0-8-8 8", 1.8]],
  hid: [["line", "M1 9.6C1 5.5 3 3.2 6.8 3.2H10M7.6.8 10.4 3.2 7.6 5.8", 1.6]],
  def: [["ring", 4.6]],
  saved: [["disc", 5]],
  opt: [
    ["line", "M1 11V1h10"],
    ["area", "M1 1h10L1 11z"],
  ],
  env: [["area", "M1 1h10v10H1z"]],
  weekly: [["area", "M6 0 12 6 6 12 0 6z"]],
  hours: [["area", "M.5 1h11L6 10.5z"]],
} satisfies Readonly<Record<string, readonly Part[]>>;

/** The name of a glyph: the shape of one state. */
export type GlyphName = keyof typeof GLYPHS;

/** A 12 px shape that stands beside the word it means; never read aloud. */
export function Glyph({ name, class: more }: { readonly name: GlyphName; readonly class?: string }) {
  const parts: readonly Part[] = GLYPHS[name];
  return (
    <svg class={more ?? `g g-${name}`} viewBox="0 0 12 12" aria-hidden="true">
      {parts.map(([draw, shape, width]) => {
        const isFilled = draw === "disc" || draw === "area";
        const look = {
          fill: isFilled ? "currentColor" : "none",
          stroke: isFilled ? undefined : draw === "mark" ? "var(--panel)" : "currentColor",
          "stroke-width": draw === "line" ? (width ?? 1.5) : 1.5,
          "stroke-linecap": draw === "ring" ? undefined : ("round" as const),
          "stroke-linejoin": "round" as const,
        };
        return typeof shape === "number" ? (
          <circle cx="6" cy="6" r={shape} stroke-dasharray={width} {...look} />
        ) : (
          <path d={shape} {...look} />
        );
      })}
    </svg>
  );
}
