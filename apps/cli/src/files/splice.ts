import { createHash } from "node:crypto";

/** One replacement in a text: `inserted` stands at `offset` where `removed` stood before. */
export interface Splice {
  readonly offset: number;
  readonly removed: string;
  readonly inserted: string;
}

/** The smallest replacement that makes one text of another. */
export function spliceBetween(before: string, after: string): Splice {
  const shorter = Math.min(before.length, after.length);
  let offset = 0;
  while (offset < shorter && before[offset] === after[offset]) offset++;
  let tail = 0;
  while (tail < shorter - offset && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return {
    offset,
    removed: before.slice(offset, before.length - tail),
    inserted: after.slice(offset, after.length - tail),
  };
}

/** Takes a replacement back. */
export function revertSplice(after: string, { offset, removed, inserted }: Splice): string {
  return after.slice(0, offset) + removed + after.slice(offset + inserted.length);
}

/** Tells a text from any other. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
