import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { ErrorAnswer } from "../errors.ts";

/** More than any conversation holds. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** A request's body, or why it is not read. */
export type ReadBody =
  | { readonly kind: "body"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "refused"; readonly error: ErrorAnswer }
  /** The client went away. */
  | { readonly kind: "gone" };

/** Reads a request's body as a whole, so that it can be sent again with another account, and takes its coding off. */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) return TOO_LARGE;
  const sent = await collect(request);
  if (sent.kind !== "body") return sent;
  const coding = request.headers["content-encoding"]?.toLowerCase();
  return coding === undefined || coding === "identity" ? sent : decoded(sent.bytes, coding);
}

function collect(request: IncomingMessage): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer<ArrayBuffer>[] = [];
    let size = 0;
    const refuse = (): void => {
      chunks.length = 0;
      resolve(TOO_LARGE);
    };
    request.on("data", (chunk: Buffer<ArrayBuffer>) => {
      size += chunk.length;
      if (size <= MOST_BYTES) chunks.push(chunk);
      else refuse();
    });
    request.on("end", () => resolve({ kind: "body", bytes: joined(chunks, size) }));
    request.on("close", () => resolve({ kind: "gone" }));
  });
}

function joined(chunks: readonly Buffer<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
}

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify<Uint8Array, { maxOutputLength: number }, Buffer>(zlib.gunzip),
  deflate: promisify<Uint8Array, { maxOutputLength: number }, Buffer>(zlib.inflate),
  br: promisify<Uint8Array, { maxOutputLength: number }, Buffer>(zlib.brotliDecompress),
  // From Node 22.15 on.
  ...(typeof zlib.zstdDecompress === "function" && {
    zstd: promisify<Uint8Array, { maxOutputLength: number }, Buffer>(zlib.zstdDecompress),
  }),
};

async function decoded(bytes: Uint8Array, coding: string): Promise<ReadBody> {
  const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (decode === undefined) {
    const message = `content-encoding "${coding.slice(0, 32)}" is not understood; send plain JSON`;
    return { kind: "refused", error: { status: 415, code: "UNSUPPORTED_MEDIA_TYPE", message } };
  }
  try {
    const plain = await decode(bytes, { maxOutputLength: MOST_BYTES });
    return { kind: "body", bytes: new Uint8Array(plain) };
  } catch (thrown) {
    if (thrown instanceof RangeError) return TOO_LARGE;
    const message = `the body is not ${coding}, as its content-encoding says`;
    return { kind: "refused", error: { status: 400, code: "INVALID_BODY", message } };
  }
}

const TOO_LARGE: ReadBody = {
  kind: "refused",
  error: {
    status: 413,
    code: "PAYLOAD_TOO_LARGE",
    // The connection stays: closed at once, a client that still sends would never read this.
    message: `a request may have ${MOST_BYTES / 1_048_576} MiB at most`,
  },
};
