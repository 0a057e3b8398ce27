/** A number with its thousands set apart. */
export const number = (value: number): string => value.toLocaleString("en-GB");

/** So many of something: `1 request`, `6,318 requests`. */
export const count = (value: number, word: string): string =>
  `${number(value)} ${word}${value === 1 ? "" : "s"}`;
