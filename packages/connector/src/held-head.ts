import type { Gate } from "./event-gate.ts";
import type { Limits, Timers } from "./ports.ts";

/** What a read of an answer's body gives. */
export type Chunk = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]>>;

/** The start of an answer's stream, read before the client sees any of it. */
export interface HeldHead {
  readonly gate: Gate;
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  /** A read that was under way when the hold ended. */
  readonly pending?: Promise<Chunk>;
  /** `flowing`: it goes to the client now; the other two have shown nothing that was generated. */
  readonly state: "flowing" | "failed" | "cut";
}

/**
 * Reads until the first generated event, so that a failure before it can still move to another account unseen.
 * A stream that takes longer or says more than the limits allow flows from there.
 */
export async function holdHead(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  gate: Gate,
  limits: Limits,
  timers: Timers,
): Promise<HeldHead> {
  const { late, cancelTimer } = lateness(limits, timers);
  try {
    let bytes = 0;
    for (;;) {
      const pending = reader.read();
      const read = await Promise.race([pending, late]);
      if (read === "late") return { gate, reader, pending, state: "flowing" };
      if (read.done) return { gate, reader, state: "cut" };
      gate.push(read.value);
      bytes += read.value.length;
      if (gate.progress.generated || bytes >= limits.holdBytes) return { gate, reader, state: "flowing" };
      if (gate.progress.failure !== undefined) return { gate, reader, state: "failed" };
    }
  } catch {
    return { gate, reader, state: "cut" };
  } finally {
    cancelTimer();
  }
}

function lateness({ holdMs }: Limits, timers: Timers): { late: Promise<"late">; cancelTimer: () => void } {
  let ring: (late: "late") => void;
  const late = new Promise<"late">((resolve) => (ring = resolve));
  return { late, cancelTimer: timers.after(holdMs, () => ring("late")) };
}
