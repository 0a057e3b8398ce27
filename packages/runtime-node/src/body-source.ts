import type { BodySource, Chunk } from "@open-multi-auth/connector";
import type { Readable, Transform } from "node:stream";
type Decode = () => Transform;

/** Rarely asked for, so that their library is only loaded then. */
const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ["gzip", () => process.getBuiltinModule("node:zlib").createGunzip()],
  ["x-gzip", () => process.getBuiltinModule("node:zlib").createGunzip()],
  ["deflate", () => process.getBuiltinModule("node:zlib").createInflate()],
  ["br", () => process.getBuiltinModule("node:zlib").createBrotliDecompress()],
]);

/** A body without its coding. We ask for none; an upstream that uses one all the same is understood. */
export function decoded(message: Readable, coding: string | null | undefined): Readable {
  const decoder = DECODERS.get(coding?.toLowerCase() ?? "")?.();
  if (decoder === undefined) return message;
  message.once("error", (cause) => decoder.destroy(cause));
  return message.pipe(decoder);
}

/** What an answer without a body says by its status alone. */
export const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** A connection on which nothing was said for so long is dead; an answer that thinks is sent signs of life. */
export const IDLE_MS = 300_000;

/** As long as fetch keeps an unused connection: one that is long forgotten by what lies on the way only swallows a request. */
export const UNUSED_MS = 4_000;

/** Reads a stream when asked to, so that it is held back while nobody reads. */
export function bodySource(stream: Readable): BodySource {
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const onChange = (): void => wake?.();
  stream.on("readable", onChange);
  stream.on("end", onChange);
  stream.on("error", (cause) => {
    failure = cause;
    onChange();
  });
  stream.on("close", () => {
    if (!stream.readableEnded) failure ??= new Error("the connection was closed before the answer's end");
    onChange();
  });

  function take(): Chunk | undefined {
    const value: unknown = stream.read();
    if (value instanceof Uint8Array) return { done: false, value };
    if (stream.readableEnded) return { done: true };
    if (failure !== undefined) throw failure;
    return undefined;
  }

  async function wait(): Promise<Chunk> {
    for (;;) {
      await new Promise<void>((resolve) => (wake = resolve));
      const chunk = take();
      if (chunk !== undefined) return chunk;
    }
  }

  return { read: () => take() ?? wait() };
}
