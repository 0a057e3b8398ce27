import type { JSX } from "preact";

const ring = <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="1.5" />;
const line = (d: string, width = 1.5): JSX.Element => (
  <path
    d={d}
    fill="none"
    stroke="currentColor"
    stroke-width={width}
    stroke-linecap="round"
    stroke-linejoin="round"
  />
);
const mark = (d: string): JSX.Element => (
  <path d={d} stroke="var(--panel)" stroke-width="1.45" stroke-linecap="round" />
);
const solid = (d: string): JSX.Element => <path d={d} fill="currentColor" />;

/** Every state has a shape of its own, so that it can be told without its colour. */
const GLYPHS = {
  use: (
    <>
      <circle cx="6" cy="6" r="3" fill="currentColor" />
      <circle cx="6" cy="6" r="5.25" fill="none" stroke="currentColor" stroke-width="1.5" />
    </>
  ),
  next: solid("M2.5 1.2v9.6L11 6z"),
  ready: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  low: (
    <>
      {ring}
      {solid("M1 6a5 5 0 0 0 10 0z")}
    </>
  ),
  crit: (
    <>
      {ring}
      {solid("M2 9a5 5 0 0 0 8 0z")}
    </>
  ),
  rest: (
    <>
      {ring}
      {line("M6 3.2V6l1.8 1.3")}
    </>
  ),
  trial: (
    <>
      <circle
        cx="6"
        cy="6"
        r="5"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-dasharray="2.6 2.6"
      />
      <circle cx="6" cy="6" r="1.8" fill="currentColor" />
    </>
  ),
  signin: (
    <>
      {solid("M6 .5 11.5 6 6 11.5.5 6z")}
      {mark("M6 3.4v3M6 8.3v.2")}
    </>
  ),
  forced: line("M3.6.8h4.8M4.4.8v3.6L2.4 6.8v1h7.2v-1l-2-2.4V.8M6 7.8v3.6"),
  off: (
    <>
      {ring}
      {line("M3.6 6h4.8")}
    </>
  ),
  fresh: (
    <>
      {ring}
      {line("m3.8 6.1 1.6 1.6 2.9-3.2")}
    </>
  ),
  stale: (
    <circle
      cx="6"
      cy="6"
      r="5"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-dasharray="2 2.2"
    />
  ),
  err: (
    <>
      {solid("M6 .8 11.6 11H.4z")}
      {mark("M6 4.4v2.9M6 9v.2")}
    </>
  ),
  unknown: line(
    "M3.6 3.7C3.8 2.3 4.8 1.4 6.1 1.4c1.4 0 2.5.9 2.5 2.2 0 1.8-2.4 1.9-2.4 3.8M6.1 10.4v.1",
    1.6,
  ),
  warn: (
    <>
      <path
        d="M6 1 11.4 10.8H.6z"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
      />
      {line("M6 4.6v2.4M6 8.8v.1", 1.4)}
    </>
  ),
  pass: line("m1.8 6.4 2.8 2.8 5.6-6.3", 1.8),
  fail: (
    <>
      <rect x=".8" y=".8" width="10.4" height="10.4" rx="1.5" fill="currentColor" />
      {mark("m4 4 4 4m0-4-4 4")}
    </>
  ),
  gone: line("m2 2 8 8m0-8-8 8", 1.8),
  hid: line("M1 9.6C1 5.5 3 3.2 6.8 3.2H10M7.6.8 10.4 3.2 7.6 5.8", 1.6),
  def: <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" stroke-width="1.5" />,
  saved: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  opt: (
    <>
      <path d="M1 11V1h10" fill="none" stroke="currentColor" stroke-width="1.5" />
      {solid("M1 1h10L1 11z")}
    </>
  ),
  env: <rect x="1" y="1" width="10" height="10" fill="currentColor" />,
  weekly: solid("M6 0 12 6 6 12 0 6z"),
  hours: solid("M.5 1h11L6 10.5z"),
} as const;

/** The name of a glyph: the shape of one state. */
export type GlyphName = keyof typeof GLYPHS;

/** A 12 px shape that stands beside the word it means; never read aloud. */
export function Glyph({ name, class: more }: { readonly name: GlyphName; readonly class?: string }) {
  return (
    <svg class={more ?? `g g-${name}`} viewBox="0 0 12 12" aria-hidden="true">
      {GLYPHS[name]}
    </svg>
  );
}
