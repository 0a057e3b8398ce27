const ICONS = {
  key: "M7.9 10.8a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0zM7.2 8.8l6-6M11 5l1.8 1.8",
  sun: "M10.8 8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM9.9 8a1.9 1.9 0 1 1-3.8 0 1.9 1.9 0 0 1 3.8 0z",
  eyeOff:
    "M6 4.1A6 6 0 0 1 8 3.8C12 3.8 14.5 8 14.5 8a11 11 0 0 1-1.9 2.3M10 11.9a6 6 0 0 1-2 .3C4 12.2 1.5 8 1.5 8a11 11 0 0 1 1.9-2.3M2.5 2.5l11 11",
  refresh: "M13 6.5A5.2 5.2 0 0 0 3.4 5.4M3 9.5a5.2 5.2 0 0 0 9.6 1.1M3.2 2.6v3h3M12.8 13.4v-3h-3",
  arrow: "M3 8h10M9.5 4.5 13 8l-3.5 3.5",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.5 8z",
  plus: "M8 3v10M3 8h10",
  terminal: "m3 5 3 3-3 3M8.5 11.5H13",
  close: "m4 4 8 8m0-8-8 8",
  copy: "M7 5.5h5A1.5 1.5 0 0 1 13.5 7v5a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 12V7A1.5 1.5 0 0 1 7 5.5zM10.5 3.5v-1h-8v8h1",
  check: "m3 8.5 3.2 3.2L13 4.5",
  chevron: "m4.5 6.5 3.5 3.5 3.5-3.5",
  pin: "M6 2h4M6.7 2v4L4.5 8.6v1.2h7V8.6L9.3 6V2M8 9.8V14",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof ICONS;

/** A 16 px line icon; the control it stands in carries the word. */
export function Icon({ name, class: more = "" }: { readonly name: IconName; readonly class?: string }) {
  return (
    <svg class={`i ${more}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={ICONS[name]} stroke-width={name === "more" ? 2.2 : undefined} />
    </svg>
  );
}
