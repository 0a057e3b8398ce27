import { signal, type ReadonlySignal } from "@preact/signals";
import type { ApiEvent } from "../api/contract.ts";

const EVENT_TYPES = ["hello", "state", "decision", "probe", "link", "problem", "notice", "gap"] as const;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

/** Whether the page is in step with its server. */
export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** The server is gone; the page shows the last state. */
  | { readonly kind: "offline"; readonly since: number; readonly retryAt: number }
  /** The server is there, and does not know this page any more. */
  | { readonly kind: "signed-out" };

/** The stream of events, kept up for as long as the page is there. */
export interface Live {
  readonly connection: ReadonlySignal<Connection>;
  readonly retryNow: () => void;
}

interface LiveDeps {
  readonly open: () => EventSource;
  readonly onEvent: (event: ApiEvent) => void;
  /** Whether the server still knows this page; asked once the stream breaks. */
  readonly isSignedOut: () => Promise<boolean>;
  readonly now: () => number;
  readonly setTimeout: (run: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
}

/** Opens the stream, and opens it again whenever it breaks: after 1 s, then at most every 15 s. */
export function keepLive(deps: LiveDeps): Live {
  const connection = signal<Connection>({ kind: "connecting" });
  let source: EventSource | undefined;
  let timer: number | undefined;
  let retryMs = FIRST_RETRY_MS;
  let since: number | undefined;

  const connect = (): void => {
    deps.clearTimeout(timer ?? 0);
    source?.close();
    source = deps.open();
    source.addEventListener("open", () => {
      retryMs = FIRST_RETRY_MS;
      since = undefined;
      connection.value = { kind: "live" };
    });
    source.addEventListener("error", () => void lost());
    for (const type of EVENT_TYPES) {
      source.addEventListener(type, (event) => {
        const told: ApiEvent = { type, data: JSON.parse(String(event.data)) };
        deps.onEvent(told);
      });
    }
  };

  const lost = async (): Promise<void> => {
    // The browser's own attempts would come without a moment to tell.
    source?.close();
    since ??= deps.now();
    connection.value = { kind: "offline", since, retryAt: deps.now() + retryMs };
    timer = deps.setTimeout(connect, retryMs);
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    if (await deps.isSignedOut()) {
      deps.clearTimeout(timer);
      connection.value = { kind: "signed-out" };
    }
  };

  connect();
  return { connection, retryNow: connect };
}
