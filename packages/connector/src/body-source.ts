/** What a read of a body gives. */
export type Chunk =
  | { readonly done: false; readonly value: Uint8Array }
  | { readonly done: true; readonly value?: Uint8Array | undefined };

/** A body that is read chunk by chunk, one read at a time; the reader of a web stream is one. */
export interface BodySource {
  /** The next chunk; at once where it is there already. Rejects, or throws, when the body breaks off. */
  read(): Chunk | Promise<Chunk>;
}

/** An answer's body on its way to the client. */
export interface ClientBody {
  /** The next chunk; at once where it is there already. Rejects, or throws, when the body breaks off. */
  read(): Chunk | Promise<Chunk>;
  /** The client wants no more of it: the upstream connection is closed. */
  cancel(): void;
}
