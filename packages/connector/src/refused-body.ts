import type { BodySource, Chunk } from "./body-source.ts";
import { createOpenGate } from "./event-gate.ts";
import type { HeldHead } from "./held-head.ts";
import { lateness } from "./lateness.ts";
import type { Limits, Timers } from "./ports.ts";
import { parseUpstreamError, type UpstreamError } from "./upstream-error.ts";

/** No error says more. */
const MOST_BYTES = 65_536;

/**
 * Reads the body of an error answer, as much of it as comes within `refusalMs` and fits `MOST_BYTES`. The bytes are
 * kept, so that the answer can still go to the client as it came, save that a token it repeats is made unreadable:
 * the client keeps errors in its log.
 */
export async function readRefusal(
  body: BodySource,
  token: string,
  { refusalMs }: Pick<Limits, "refusalMs">,
  timers: Timers,
): Promise<{ readonly head: HeldHead; readonly error: UpstreamError }> {
  const gate = createOpenGate();
  const decoder = new TextDecoder();
  const chunks: Uint8Array[] = [];
  let text = "";
  let bytes = 0;
  let pending: Chunk | Promise<Chunk> | undefined;
  const { late, cancelTimer } = lateness(refusalMs, timers);
  try {
    while (bytes < MOST_BYTES) {
      pending = body.read();
      const read = await Promise.race([pending, late]);
      if (read === "late") break;
      pending = undefined;
      if (read.done) break;
      chunks.push(read.value);
      bytes += read.value.length;
      text += decoder.decode(read.value, { stream: true });
    }
  } catch {
    // The status says enough; what the body would have added is lost.
  } finally {
    cancelTimer();
  }
  const isRepeated = text.includes(token);
  if (isRepeated) text = text.replaceAll(token, "[redacted]");
  for (const chunk of isRepeated ? [new TextEncoder().encode(text)] : chunks) gate.push(chunk);
  const head: HeldHead = { gate, body, state: "flowing", ...(pending && { pending }) };
  return { head, error: parseUpstreamError(text) };
}
