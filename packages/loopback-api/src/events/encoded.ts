const encoder = new TextEncoder();

/** One event on the wire. JSON has no line break in it. */
export function encoded(type: string, json: string, id?: string): Uint8Array {
  return encoder.encode(`${id === undefined ? "" : `id: ${id}\n`}event: ${type}\ndata: ${json}\n\n`);
}
