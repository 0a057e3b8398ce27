import {
  after,
  epochMs,
  type Account,
  type AccountId,
  type Clock,
  type DurationMs,
  type EpochMs,
  type Random,
} from "@open-multi-auth/domain";
import type { Timers } from "./ports.ts";
import type { ProbeQueue } from "./queue.ts";

/** Up to this part of the interval sooner or later, so that accounts and processes do not ask in step. */
const JITTER = 0.15;
/** After failures the interval doubles, this often at most: to about an hour. */
const DOUBLINGS = 4;
const SHORTEST_PAUSE_MS = 1_000;

/** What {@link createProbeSchedule} is made of. */
export interface ScheduleDeps {
  readonly queue: Pick<ProbeQueue, "probe">;
  /** In memory, with what other processes have found. */
  readonly accounts: () => readonly Account[];
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  /** How often an account is asked; read anew each time. */
  readonly intervalMs: () => DurationMs;
}

/** Probes of a long-lived process by themselves. */
export interface ProbeSchedule {
  /** Keeps limits fresh until the returned function is called; nothing is asked while nobody watches. */
  watch(): () => void;
}

interface Planned {
  readonly attemptAt: EpochMs;
  readonly failures: number;
  readonly dueAt: EpochMs;
}

/** Builds the {@link ProbeSchedule}. It asks only sources that cost no quota, and no account that cannot be used. */
export function createProbeSchedule(deps: ScheduleDeps): ProbeSchedule {
  const { queue, clock, timers } = deps;
  const plans = new Map<AccountId, Planned>();
  let watchers = 0;
  let cancel: (() => void) | undefined;

  /** Follows what any process has found, so that those that watch together ask once. */
  function planOf(account: Account): Planned {
    const attemptAt = lastAttemptOf(account, clock.now());
    const known = plans.get(account.id);
    if (known?.attemptAt === attemptAt) return known;
    const failures = hasFailed(account) ? (known?.failures ?? 0) + 1 : 0;
    const pause = deps.intervalMs() * 2 ** Math.min(failures, DOUBLINGS);
    const jitter = 1 + JITTER * (2 * deps.random.next() - 1);
    const plan = {
      attemptAt,
      failures,
      dueAt: attemptAt === 0 ? attemptAt : after(attemptAt, pause * jitter),
    };
    plans.set(account.id, plan);
    return plan;
  }

  function tick(): void {
    const now = clock.now();
    // Looked at again before anything can be due, whatever the probes of now will find.
    let next = after(now, deps.intervalMs() * (1 - JITTER));
    for (const account of deps.accounts().filter(isWorthAsking)) {
      const plan = planOf(account);
      if (plan.dueAt <= now) {
        plans.set(account.id, { ...plan, dueAt: next });
        void queue.probe(account.id, { maySpendQuota: false, unlessSince: after(plan.attemptAt, 1) });
      } else {
        next = epochMs(Math.min(next, plan.dueAt));
      }
    }
    cancel = timers.after(Math.max(next - now, SHORTEST_PAUSE_MS), tick);
  }

  return {
    watch() {
      watchers += 1;
      if (watchers === 1) tick();
      let watching = true;
      return () => {
        if (!watching) return;
        watching = false;
        watchers -= 1;
        if (watchers === 0) cancel?.();
      };
    },
  };
}

const isWorthAsking = ({ enabled, authInvalid }: Account): boolean => enabled && authInvalid !== true;

/** The last success or failure; one of the future is of a clock that was wrong, and as good as none. */
function lastAttemptOf(
  { lastLimitProbeAt = epochMs(0), lastLimitErrorAt = epochMs(0) }: Account,
  now: EpochMs,
): EpochMs {
  return epochMs(Math.max(...[lastLimitProbeAt, lastLimitErrorAt].map((at) => (at <= now ? at : 0))));
}

const hasFailed = ({ lastLimitProbeAt, lastLimitErrorAt }: Account): boolean =>
  (lastLimitErrorAt ?? -1) >= (lastLimitProbeAt ?? 0);
