/** How long one exchange took, from the entry of fetch. */
export interface Timing {
  readonly firstByteMs: number;
  readonly wholeMs: number;
}

/**
 * Sends one request and reads its answer to the end.
 *
 * @throws where the answer is not a whole, successful one: a benchmark of refusals would be fast and worthless
 */
export async function exchange(send: () => Promise<Response>): Promise<Timing> {
  const start = performance.now();
  const response = await send();
  let firstByte = 0;
  let last: Uint8Array | undefined;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (last === undefined) firstByte = performance.now();
    last = value;
  }
  const end = performance.now();
  requireCompleted(response, last);
  return { firstByteMs: firstByte - start, wholeMs: end - start };
}

function requireCompleted({ status }: Response, last: Uint8Array | undefined): void {
  const tail =
    last === undefined ? "" : Buffer.from(last.buffer, last.byteOffset, last.byteLength).toString();
  if (status !== 200 || !tail.includes("response.completed"))
    throw new Error(`an answer was not whole: status ${status}, ending in ${tail.slice(-200)}`);
}
