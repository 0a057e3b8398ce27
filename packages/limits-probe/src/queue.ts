import type { AccountId, Clock, EpochMs } from "@open-multi-auth/domain";
import type { Prober, ProbeReport } from "./probe-account.ts";

/** Accounts probed at the same time. */
const CONCURRENCY = 4;

/** Where an account stands in the queue of this process; one that is in neither is not in it. */
export interface QueueProgress {
  readonly queued: readonly AccountId[];
  readonly running: readonly AccountId[];
}

/** How a probe is asked for. */
export interface QueueRequest {
  /** Whether a source that costs the account quota may be asked, once the free ones failed. */
  readonly maySpendQuota: boolean;
  /** Not asked again if it was since then; by default since now, so that only probes under way are shared. */
  readonly unlessSince?: EpochMs;
}

/** The probes of one process. */
export interface ProbeQueue {
  /** Probes an account, or shares the probe of it that is queued or running. Never rejects. */
  probe(id: AccountId, request: QueueRequest): Promise<ProbeReport>;
  /** Calls off what is queued and what runs; numbers stay as they are. Resolves when all of it has ended. */
  stop(): Promise<void>;
  progress(): QueueProgress;
  /** Calls `listener` after every change of the progress. */
  subscribe(listener: (progress: QueueProgress) => void): () => void;
}

interface Entry {
  maySpendQuota: boolean;
  readonly unlessSince: EpochMs;
  readonly abort: AbortController;
  readonly report: Promise<ProbeReport>;
}

/** Builds the {@link ProbeQueue}: first come, first served, a few accounts at a time. */
export function createProbeQueue({
  probe,
  clock,
}: {
  readonly probe: Prober;
  readonly clock: Clock;
}): ProbeQueue {
  const entries = new Map<AccountId, Entry>();
  const running = new Set<AccountId>();
  const waiting: { readonly id: AccountId; readonly start: () => void }[] = [];
  const listeners = new Set<(progress: QueueProgress) => void>();

  const progress = (): QueueProgress => ({ queued: waiting.map(({ id }) => id), running: [...running] });
  function tell(): void {
    const now = progress();
    for (const listener of listeners) listener(now);
  }

  function fill(): void {
    while (running.size < CONCURRENCY) {
      const next = waiting.shift();
      if (!next) return;
      running.add(next.id);
      next.start();
    }
  }

  async function run(id: AccountId, entry: () => Entry): Promise<ProbeReport> {
    await new Promise<void>((start) => waiting.push({ id, start }));
    const { unlessSince, abort } = entry();
    try {
      if (abort.signal.aborted) return { kind: "skipped", reason: "stopped" };
      // Read when it matters: someone who may go further can join meanwhile.
      const maySpendQuota = (): boolean => entry().maySpendQuota;
      return await probe(id, { signal: abort.signal, unlessSince, maySpendQuota });
    } finally {
      running.delete(id);
      entries.delete(id);
      fill();
      tell();
    }
  }

  return {
    probe(id, { maySpendQuota, unlessSince = clock.now() }) {
      const known = entries.get(id);
      if (known) {
        known.maySpendQuota ||= maySpendQuota;
        return known.report;
      }
      const report = run(id, () => entry);
      const entry: Entry = { maySpendQuota, unlessSince, abort: new AbortController(), report };
      entries.set(id, entry);
      fill();
      tell();
      return report;
    },
    async stop() {
      const stopped = [...entries.values()];
      for (const { abort } of stopped) abort.abort();
      // Each sees that it is called off as its turn comes.
      for (const { id, start } of waiting.splice(0)) {
        running.add(id);
        start();
      }
      await Promise.allSettled(stopped.map(({ report }) => report));
    },
    progress,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
