import type { StoreError } from "@open-multi-auth/core-store";
import type { LinePosition } from "@open-multi-auth/core-store/node";
import { createMetricsTally, type Metrics } from "@open-multi-auth/domain";
import { okAsync, type ResultAsync } from "neverthrow";
import type { Pool } from "./open-pool.ts";

/** How a pool does, over all processes. */
export interface PoolMetrics {
  /** Counts what has been noted since the last call; figures only grow while this process lives. */
  read(): ResultAsync<Metrics, StoreError>;
}

/** Counts the pool's decision records, those that the log still keeps first; each is read once. */
export function poolMetrics({ decisions }: Pick<Pool, "decisions">): PoolMetrics {
  const tally = createMetricsTally();
  let position: LinePosition | undefined;
  let last: ResultAsync<Metrics, StoreError> = okAsync(tally.metrics());

  const readOn = (): ResultAsync<Metrics, StoreError> =>
    decisions.since(position).andThen((since) => {
      position = since.position;
      for (const record of since.entries) tally.add(record);
      return since.isAll ? okAsync(tally.metrics()) : readOn();
    });

  return {
    read() {
      // One after the other: a record that two read would be counted twice.
      last = last.orElse(() => okAsync(tally.metrics())).andThen(readOn);
      return last;
    },
  };
}
