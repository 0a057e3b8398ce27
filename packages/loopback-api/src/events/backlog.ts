import { joined } from "./encoded.ts";

/** What has been told lately, numbered from 1, for whoever reads slowly or comes back. */
export interface Backlog {
  /** The number of the newest, 0 before the first. */
  newest(): number;
  add(encode: (n: number) => Uint8Array): void;
  /** What comes after number `n`, up to about `maxBytes`; `missed` are those that are no longer kept. */
  since(n: number, maxBytes: number): Part;
}

/** Some of what was told, as it goes over the wire. */
interface Part {
  readonly bytes: Uint8Array;
  /** The number of the last of them. */
  readonly last: number;
  readonly missed: number;
}

/** Keeps at most so many entries and bytes, whichever is met first; the oldest give way. */
export function createBacklog(most: { readonly entries: number; readonly bytes: number }): Backlog {
  const kept: Uint8Array[] = [];
  let newest = 0;
  let bytes = 0;
  let shared: { readonly from: number; readonly last: number; readonly bytes: Uint8Array } | undefined;
  return {
    newest: () => newest,
    add(encode) {
      newest += 1;
      const entry = encode(newest);
      kept.push(entry);
      bytes += entry.byteLength;
      while (kept.length > most.entries || (bytes > most.bytes && kept.length > 1)) {
        bytes -= kept.shift()?.byteLength ?? 0;
      }
    },
    since(n, maxBytes) {
      const oldest = newest - kept.length + 1;
      const from = Math.max(n + 1, oldest);
      let size = 0;
      let to = from;
      for (; to <= newest && (size === 0 || size < maxBytes); to++)
        size += kept[to - oldest]?.byteLength ?? 0;
      const missed = from - n - 1;
      const last = to - 1;
      // Readers that keep up are at the same place: they share what is made for one.
      if (shared?.from !== from || shared.last !== last) {
        shared = { from, last, bytes: joined(kept.slice(from - oldest, to - oldest)) };
      }
      return { bytes: shared.bytes, last, missed };
    },
  };
}
