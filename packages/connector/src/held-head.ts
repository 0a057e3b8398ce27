import type { BodySource, Chunk } from "./body-source.ts";
import type { Gate } from "./event-gate.ts";
import { lateness, type Lateness } from "./lateness.ts";
import type { Limits, Timers } from "./ports.ts";

/** The start of an answer's stream, read before the client sees any of it. */
export interface HeldHead {
  readonly gate: Gate;
  readonly body: BodySource;
  /** A read that was under way when the hold ended. */
  readonly pending?: Chunk | Promise<Chunk>;
  /** `flowing`: it goes to the client now; the other two have shown nothing that was generated. */
  readonly state: "flowing" | "failed" | "cut";
}

/**
 * Reads until the first generated event, so that a failure before it can still move to another account unseen.
 * A stream that takes longer or says more than the limits allow flows from there, save that one which has not begun
 * at all is waited for.
 *
 * @param onBegun called once the stream has begun
 */
export async function holdHead(
  body: BodySource,
  gate: Gate,
  limits: Limits,
  timers: Timers,
  onBegun: () => void,
): Promise<HeldHead> {
  let deadline: Lateness | undefined;
  try {
    let bytes = 0;
    let isLate = false;
    for (;;) {
      const pending = body.read();
      let read: Chunk | "late";
      if (isLate || !(pending instanceof Promise)) read = await pending;
      else {
        deadline ??= lateness(limits.holdMs, timers);
        read = await Promise.race([pending, deadline.late]);
      }
      if (read === "late") {
        if (gate.progress.begun) return { gate, body, pending, state: "flowing" };
        isLate = true;
        read = await pending;
      }
      // Only a stream has an end that can be missed; any other body may well be empty.
      if (read.done) return { gate, body, state: gate.isEventStream ? "cut" : "flowing" };
      gate.push(read.value);
      bytes += read.value.length;
      const { begun, generated, failure } = gate.progress;
      if (begun) onBegun();
      if (generated || bytes >= limits.holdBytes) return { gate, body, state: "flowing" };
      if (failure !== undefined) return { gate, body, state: "failed" };
      if (isLate && begun) return { gate, body, state: "flowing" };
    }
  } catch {
    return { gate, body, state: "cut" };
  } finally {
    deadline?.cancelTimer();
  }
}
