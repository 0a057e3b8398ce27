import type { ApiEvent } from "./schemas/events.ts";

/** What happens to be told, and whether anything can be. */
export interface Watching {
  readonly onEvent: (event: ApiEvent) => void;
  /** `false` when the connection is lost; it is tried again by itself. */
  readonly onConnection?: (connected: boolean) => void;
}

const TYPES: readonly ApiEvent["type"][] = [
  "hello",
  "state",
  "decision",
  "probe",
  "link",
  "problem",
  "notice",
  "gap",
];

/**
 * Follows `GET /api/events` in a page until the returned function is called. After a lost connection the browser goes on
 * after the last event that it saw; where it is refused for good, as without a session, it is tried again after a while.
 */
export function watchEvents({ onEvent, onConnection }: Watching, url = "/api/events"): () => void {
  let source: EventSource;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    source = new EventSource(url);
    source.addEventListener("open", () => onConnection?.(true));
    source.addEventListener("error", () => {
      onConnection?.(false);
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, RETRY_MS);
    });
    for (const type of TYPES) {
      source.addEventListener(type, (event) => {
        if ("data" in event) onEvent({ type, data: JSON.parse(String(event.data)) });
      });
    }
  };
  open();
  return () => {
    clearTimeout(again);
    source.close();
  };
}

const RETRY_MS = 3_000;
