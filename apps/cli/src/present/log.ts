import type { LogEntry } from "@open-multi-auth/domain";
import type { Colours } from "./colours.ts";
import { plain } from "./text.ts";

/** An entry of the log on one line; its instant is UTC, as everywhere in our files. */
export function logLine({ at, level, source, message }: LogEntry, { dim, yellow, red }: Colours): string {
  const paint = { info: dim, warning: yellow, error: red }[level];
  return `${dim(at)} ${paint(level.padEnd(7))} ${source.padEnd(8)} ${plain(message)}`;
}
