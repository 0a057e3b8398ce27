import { signal, type ReadonlySignal } from "@preact/signals";
import type { ApiCall, ApiResult } from "../api/client.ts";
import type { ApiEvent, StateView } from "../api/contract.ts";
import { keepLive, type Connection } from "../state/live.ts";
import type { Remembered } from "../state/remembered.ts";
import { createToasts, type Toasts } from "../state/toasts.ts";

/** All that a view needs: what is known, what the time is, and how to change something. */
export interface App {
  /** Calls a route of the API. */
  readonly call: ApiCall;
  /** The last state that the server told; undefined until there was one. */
  readonly state: ReadonlySignal<StateView | undefined>;
  readonly connection: ReadonlySignal<Connection>;
  /** The instant, a second exact, so that countdowns and ages go on by themselves. */
  readonly now: ReadonlySignal<number>;
  readonly toasts: Toasts;
  /** Tries the server at once. */
  readonly retryNow: () => void;
  /** Asks for the state, for one who does not want to wait for the event. */
  readonly reload: () => Promise<ApiResult<StateView>>;
  /** @returns how to stop listening */
  readonly onEvent: (listener: (event: ApiEvent) => void) => () => void;
}

interface AppDeps {
  readonly call: ApiCall;
  readonly remembered: Remembered;
  readonly openEvents: () => EventSource;
  readonly now: () => number;
  readonly timers: Pick<Window, "setTimeout" | "clearTimeout" | "setInterval">;
}

/** Starts listening to the server; the page is drawn from its signals. */
export function createApp({ call, remembered, openEvents, now, timers }: AppDeps): App {
  const state = signal(remembered.read());
  const clock = signal(now());
  const listeners = new Set<(event: ApiEvent) => void>();
  timers.setInterval(() => (clock.value = now()), 1_000);

  const take = (next: StateView): void => {
    state.value = next;
    clock.value = now();
    remembered.write(next);
  };
  const live = keepLive({
    open: openEvents,
    onEvent: (event) => {
      if (event.type === "state") take(event.data);
      for (const listener of listeners) listener(event);
    },
    isSignedOut: async () => {
      const answer = await call<StateView>("GET /api/state");
      return !answer.ok && answer.status === 401;
    },
    now,
    setTimeout: (run, ms) => timers.setTimeout(run, ms),
    clearTimeout: (timer) => timers.clearTimeout(timer),
  });

  return {
    call,
    state,
    connection: live.connection,
    now: clock,
    toasts: createToasts((run, ms) => timers.setTimeout(run, ms)),
    retryNow: live.retryNow,
    reload: async () => {
      const answer = await call<StateView>("GET /api/state");
      if (answer.ok) take(answer.value);
      return answer;
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
