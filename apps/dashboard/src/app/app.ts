import { signal, type ReadonlySignal } from "../state/signal.ts";
import type {
  AccountView,
  ApiCall,
  ApiEvent,
  ApiResult,
  FailureView,
  LinkView,
  ProbeProgress,
  StateView,
} from "@open-multi-auth/loopback-api/client";
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
  /** Puts what a change answered in its place, ahead of the event that tells it. */
  readonly replaceAccount: (account: AccountView) => void;
  readonly replaceLink: (link: LinkView) => void;
  readonly setProbes: (probes: ProbeProgress) => void;
  /** @returns how to stop listening */
  readonly onEvent: (listener: (event: ApiEvent) => void) => () => void;
}

interface AppDeps {
  readonly call: ApiCall;
  /** Settles once there is a session to follow, or the reason why there is none. */
  readonly ready: Promise<FailureView | undefined>;
  readonly remembered: Remembered;
  readonly now: () => number;
  readonly timers: Pick<Window, "setTimeout" | "setInterval">;
  readonly page: Document;
}

/** Starts listening to the server; the page is drawn from its signals. */
export function createApp({ call, ready, remembered, now, timers, page }: AppDeps): App {
  const state = signal(remembered.read());
  const clock = signal(now());
  const listeners = new Set<(event: ApiEvent) => void>();
  timers.setInterval(() => (clock.value = now()), 1_000);

  const take = (told: StateView): void => {
    const next = { ...told, accounts: shared(state.value?.accounts ?? [], told.accounts) };
    state.value = next;
    clock.value = now();
    remembered.write(next);
  };
  const change = (changes: (current: StateView) => Partial<StateView>): void => {
    if (state.value) state.value = { ...state.value, ...changes(state.value) };
  };
  const replaceLink = (link: LinkView): void =>
    change(({ links }) => ({ links: [...links.filter(({ id }) => id !== link.id), link] }));
  const setProbes = ({ queued, running }: ProbeProgress): void =>
    change(() => ({ probes: { queued, running } }));

  // A store that fails is mended outside of the page.
  const told: ApiCall = async (route, input) => {
    const answer = await call(route, input);
    if (answer.ok || answer.error.code !== "STORE_UNAVAILABLE") return answer;
    const { message, details } = answer.error;
    return { ...answer, error: { ...answer.error, message: `${message}: ${String(details?.["fix"])}` } };
  };

  const reload = async (): Promise<ApiResult<StateView>> => {
    const answer = await call("GET /api/state");
    if (answer.ok) take(answer.value);
    return answer;
  };
  const live = keepLive({
    ready,
    onEvent: (event) => {
      if (event.type === "state") take(event.data);
      if (event.type === "link") replaceLink(event.data);
      if (event.type === "probe") setProbes(event.data);
      for (const listener of listeners) listener(event);
    },
    look: async () => {
      const { ok, status } = await reload();
      return ok ? "live" : status === 401 ? "signed-out" : "offline";
    },
    now,
    timers,
    page,
  });

  return {
    call: told,
    state,
    connection: live.connection,
    now: clock,
    toasts: createToasts((run, ms) => timers.setTimeout(run, ms)),
    retryNow: live.retryNow,
    reload,
    replaceAccount: (account) =>
      change(({ accounts }) => ({
        accounts: accounts.map((one) => (one.alias === account.alias ? account : one)),
      })),
    replaceLink,
    setProbes,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Accounts that did not change stay the same objects, so that only rows that differ are drawn again. */
function shared(before: readonly AccountView[], after: readonly AccountView[]): AccountView[] {
  const known = new Map(before.map((account) => [account.alias, account]));
  return after.map((account) => {
    const old = known.get(account.alias);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(account) ? old : account;
  });
}
