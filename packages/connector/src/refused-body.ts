import { createOpenGate } from "./event-gate.ts";
import type { HeldHead } from "./held-head.ts";
import { parseUpstreamError, type UpstreamError } from "./upstream-error.ts";

/**
 * Reads the body of an error answer, at most `maxBytes` of it. The bytes are kept, so that the answer can still go
 * to the client as it came.
 */
export async function readRefusal(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<{ readonly head: HeldHead; readonly error: UpstreamError }> {
  const gate = createOpenGate();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    while (bytes < maxBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      gate.push(value);
      bytes += value.length;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The status says enough; what the body would have added is lost.
  }
  return { head: { gate, reader, state: "flowing" }, error: parseUpstreamError(text) };
}
