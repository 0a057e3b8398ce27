import type { DecisionRecord } from "@open-multi-auth/domain";
import type { Pool } from "@open-multi-auth/runtime-node";

const LOOK_MS = 100;
const ENOUGH = 200;

/** Follows the pool's decision records as OpenCode's process writes them. */
export interface RecordFollower {
  /** How many records there have been. */
  count(): number;
  /** Resolves once there were `count` records, or after `timeoutMs`. */
  reached(count: number, timeoutMs: number): Promise<void>;
  stop(): void;
}

/** Tells of every new record once, oldest first. */
export function followRecords(
  pool: Pool,
  tell: (record: DecisionRecord, number: number) => void,
): RecordFollower {
  const told = new Set<string>();
  let stopped = false;

  const look = async (): Promise<void> => {
    const records = await pool.decisions.read(ENOUGH);
    for (const record of records.unwrapOr([]).toReversed()) {
      if (told.has(record.requestId)) continue;
      told.add(record.requestId);
      tell(record, told.size);
    }
  };
  void (async () => {
    for (; !stopped; await pause(LOOK_MS)) await look();
  })();

  return {
    count: () => told.size,
    async reached(count, timeoutMs) {
      for (let left = timeoutMs; told.size < count && left > 0 && !stopped; left -= LOOK_MS)
        await pause(LOOK_MS);
    },
    stop: () => {
      stopped = true;
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
