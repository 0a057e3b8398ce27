import { watchEvents, type ApiEvent } from "@open-multi-auth/loopback-api/client";
import { signal, type ReadonlySignal } from "@preact/signals";

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
  /** Whether the server still knows this page; asked when the stream breaks. */
  readonly isSignedOut: () => Promise<boolean>;
  readonly now: () => number;
}

/** Follows the server; the browser goes on after the last event that it saw. */
export function keepLive({ ready, onEvent, isSignedOut, now }: LiveDeps): Live {
  const connection = signal<Connection>({ kind: "connecting" });
  const onConnection = async (isConnected: boolean): Promise<void> => {
    if (isConnected) {
      connection.value = { kind: "live" };
      return;
    }
    const before = connection.value;
    if (before.kind === "signed-out") return;
    connection.value = before.kind === "offline" ? before : { kind: "offline", since: now() };
    if (await isSignedOut()) connection.value = { kind: "signed-out" };
  };
  const watch = (): (() => void) =>
    watchEvents({ onEvent, onConnection: (isConnected) => void onConnection(isConnected) });
  let stop: (() => void) | undefined;
  const start = (): void => {
    stop?.();
    stop = watch();
  };
  void ready.then(start);
  return {
    connection,
    retryNow: start,
  };
}
