import { signal, type ReadonlySignal } from "../../state/signal.ts";
import type { App } from "../../app/app.ts";
import type { DecisionView, FailureView } from "@open-multi-auth/loopback-api/client";

const PAGE = 100;
/** A page that is left open keeps so many, so that it does not grow. */
const MOST_KEPT = 1_000;

/** The requests that the view lists, newest first, with what has come in since somebody reads. */
export interface DecisionLog {
  /** `undefined` until the first answer. */
  readonly list: ReadonlySignal<readonly DecisionView[] | undefined>;
  /** What came while the list was held, newest first. */
  readonly waiting: ReadonlySignal<readonly DecisionView[]>;
  readonly problem: ReadonlySignal<FailureView | undefined>;
  /** Whether there may be older ones. */
  readonly hasOlder: ReadonlySignal<boolean>;
  /** Held, the list does not move under the reader's eyes. */
  readonly hold: (isHeld: boolean) => void;
  readonly showWaiting: () => void;
  readonly reload: () => Promise<void>;
  readonly older: () => Promise<void>;
  /** Listens until the returned function is called. */
  readonly follow: () => () => void;
}

/** Reads the newest requests, then follows what happens. */
export function createDecisionLog({ call, onEvent }: Pick<App, "call" | "onEvent">): DecisionLog {
  const list = signal<readonly DecisionView[] | undefined>(undefined);
  const waiting = signal<readonly DecisionView[]>([]);
  const problem = signal<FailureView | undefined>(undefined);
  const hasOlder = signal(false);
  let isHeld = false;

  const ask = async (before?: string): Promise<readonly DecisionView[] | undefined> => {
    const query = { limit: PAGE, ...(before !== undefined && { before }) };
    const answer = await call("GET /api/decisions", { query });
    problem.value = answer.ok ? undefined : answer.error;
    return answer.ok ? answer.value.decisions : undefined;
  };
  const showWaiting = (): void => {
    list.value = merged(waiting.value, list.value ?? []).slice(0, MOST_KEPT);
    waiting.value = [];
  };
  // What is told while an answer is on its way may be missing in it.
  let toldMeanwhile: DecisionView[] | undefined;
  const take = (decision: DecisionView): void => {
    toldMeanwhile?.unshift(decision);
    waiting.value = merged([decision], waiting.value).slice(0, MOST_KEPT);
    if (!isHeld) showWaiting();
  };
  const reload = async (): Promise<void> => {
    const told: DecisionView[] = (toldMeanwhile = []);
    const newest = await ask();
    toldMeanwhile = undefined;
    if (newest === undefined) return;
    hasOlder.value = newest.length === PAGE;
    waiting.value = [];
    list.value = merged(told, newest);
  };

  return {
    list,
    waiting,
    problem,
    hasOlder,
    showWaiting,
    reload,
    hold: (wanted) => {
      isHeld = wanted;
      if (!isHeld) showWaiting();
    },
    older: async () => {
      const known = list.value ?? [];
      const last = known.at(-1);
      if (last === undefined) return;
      const older = await ask(last.at);
      if (older === undefined) return;
      hasOlder.value = older.length === PAGE;
      list.value = merged(known, older);
    },
    follow: () => {
      void reload();
      return onEvent((event) => {
        if (event.type === "decision") take(event.data);
        // Some were not told: after a pause of the connection, or to a page too slow to listen.
        if (event.type === "gap" || (event.type === "hello" && !event.data.complete)) void reload();
      });
    },
  };
}

/** Newest first, each request once. */
function merged(newer: readonly DecisionView[], older: readonly DecisionView[]): readonly DecisionView[] {
  const known = new Set(newer.map(({ requestId }) => requestId));
  return [...newer, ...older.filter(({ requestId }) => !known.has(requestId))];
}
