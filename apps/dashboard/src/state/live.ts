import { watchEvents, type ApiEvent } from "@open-multi-auth/loopback-api/client";
import { signal, type ReadonlySignal } from "./signal.ts";

/** Whether the page is in step with its server. */
export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** The server is gone, and is tried every few seconds; the page shows the last state. */
  | { readonly kind: "offline"; readonly since: number }
  /** The server is there, and does not know this page any more. */
  | { readonly kind: "signed-out" };

/** The stream of events, kept up for as long as the page is there. */
export interface Live {
  readonly connection: ReadonlySignal<Connection>;
  /** Tries the server at once. */
  readonly retryNow: () => void;
}

interface LiveDeps {
  /** Settles before the first connection. */
  readonly ready: Promise<unknown>;
  readonly onEvent: (event: ApiEvent) => void;
  /** Asks for the state, and whether the server still knows this page. */
  readonly look: () => Promise<"live" | "offline" | "signed-out">;
  readonly now: () => number;
  readonly timers: Pick<Window, "setInterval">;
  readonly page: Document;
}

/** How often a page that nobody looks at asks for what its title tells. */
const HIDDEN_MS = 60_000;

/**
 * Follows the server; the browser goes on after the last event that it saw. While nobody looks at the page it gives its
 * stream up: a browser makes six connections to one server, and as many tabs would leave none for anything else.
 */
export function keepLive({ ready, onEvent, look, now, timers, page }: LiveDeps): Live {
  const connection = signal<Connection>({ kind: "connecting" });
  const set = (kind: "live" | "offline" | "signed-out"): void => {
    const before = connection.value;
    // Lost since it was lost first; and only a session makes a page that has none live again.
    if (kind === "offline" && (before.kind === "offline" || before.kind === "signed-out")) return;
    connection.value = kind === "offline" ? { kind, since: now() } : { kind };
  };
  const onConnection = async (isConnected: boolean): Promise<void> => {
    set(isConnected ? "live" : "offline");
    if (!isConnected && (await look()) === "signed-out") set("signed-out");
  };
  let isGreeted = false;
  const tell = (event: ApiEvent): void => {
    // Another stream than the first knows nothing of what was told before it.
    const isNew = event.type === "hello" && isGreeted;
    isGreeted ||= event.type === "hello";
    onEvent(isNew ? { type: "hello", data: { ...event.data, complete: false } } : event);
  };
  let stop: (() => void) | undefined;
  const isHidden = (): boolean => page.visibilityState === "hidden";
  const start = (): void => {
    stop?.();
    stop = isHidden()
      ? undefined
      : watchEvents({ onEvent: tell, onConnection: (isConnected) => void onConnection(isConnected) });
  };
  const lookWhileHidden = async (): Promise<void> => {
    if (isHidden()) set(await look());
  };
  const begin = (): void => {
    start();
    page.addEventListener("visibilitychange", start);
    timers.setInterval(() => void lookWhileHidden(), HIDDEN_MS);
  };
  void ready.then(begin);
  return {
    connection,
    retryNow: start,
  };
}
