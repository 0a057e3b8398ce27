import type { LinePosition } from "@open-multi-auth/core-store/node";
import type { Clock, DecisionRecord } from "@open-multi-auth/domain";
import type { Counters, StateView } from "@open-multi-auth/loopback-api";
import type { Pool } from "../open-pool.ts";
import { systemTimers } from "../system.ts";
import { createIncidentWatch } from "./incident.ts";
import { createTally } from "./tally.ts";

/** What the requests of all processes come to, kept up to date. */
export interface Activity {
  counters(): Counters;
  incident(): StateView["incident"];
  /** The account that served last. */
  current(): string | undefined;
  /** Calls `listener` for every record that is new; `undefined` once, when those from before are counted. */
  subscribe(listener: (record: DecisionRecord | undefined) => void): () => void;
  /** Reads no more. */
  close(): void;
}

/** Other processes write their records within a second of each request. */
const LOOK_MS = 500;

/** Reads the records that are there, and from then on those that come. */
export function watchActivity({ decisions, clock }: Pick<Pool, "decisions"> & { clock: Clock }): Activity {
  const tally = createTally();
  const incidents = createIncidentWatch();
  const listeners = new Set<(record: DecisionRecord | undefined) => void>();
  let position: LinePosition | undefined;
  let current: string | undefined;
  let isCaughtUp = false;
  let isClosed = false;
  let cancel: (() => void) | undefined;

  const take = (record: DecisionRecord): void => {
    tally.add(record);
    incidents.add(record);
    current = record.selectedAlias ?? current;
    if (isCaughtUp) for (const listener of listeners) listener(record);
  };
  const readOn = async (): Promise<void> => {
    for (let isAll = false; !isAll && !isClosed;) {
      const since = await decisions.since(position);
      // A folder that cannot be read is looked at again; other parts of the product say so.
      if (since.isErr()) return;
      for (const record of since.value.entries) take(record);
      ({ position, isAll } = since.value);
    }
    if (isCaughtUp) return;
    isCaughtUp = true;
    for (const listener of listeners) listener(undefined);
  };
  const look = async (): Promise<void> => {
    await readOn();
    if (!isClosed) cancel = systemTimers.after(LOOK_MS, () => void look());
  };
  void look();

  return {
    counters: () => tally.counters(clock.now()),
    incident: () => incidents.incident(clock.now()),
    current: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
