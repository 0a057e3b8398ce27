import type { HostEvent, NextContext } from "./context.ts";

const ENDS: ReadonlySet<string> = new Set(["session.execution.interrupted", "session.deleted"]);

/**
 * Follows the host's events for sessions whose person has called their requests off: a hook is told of that in no other way.
 *
 * @returns ends it
 */
export function followInterruptions(
  { event }: Pick<NextContext, "event">,
  onInterrupted: (sessionID: string, at: number | undefined) => void,
): () => void {
  const ending = new AbortController();
  const events = event?.subscribe?.({ signal: ending.signal });
  if (events !== undefined) void follow(events, onInterrupted);
  return () => ending.abort();
}

async function follow(
  events: AsyncIterable<HostEvent>,
  onInterrupted: (sessionID: string, at: number | undefined) => void,
): Promise<void> {
  try {
    for await (const { type, data, created } of events)
      if (ENDS.has(type) && data?.sessionID !== undefined) onInterrupted(data.sessionID, created);
  } catch {
    // The host has ended its events: what is still under way ends with its body.
  }
}
