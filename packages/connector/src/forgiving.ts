import { epochMs, requestId, SETTINGS_DEFAULTS, type Clock, type EpochMs } from "@open-multi-auth/domain";
import type { AccountPool, ConnectorDeps, PoolSnapshot } from "./ports.ts";

type Bookkeeping = Pick<ConnectorDeps, "pool" | "log" | "clock" | "random" | "ids">;

const EMPTY: PoolSnapshot = {
  state: {
    accounts: [],
    settings: SETTINGS_DEFAULTS,
    rotation: { cursor: 0, starts: 0, current: {} },
    forced: null,
  },
  affinity: {},
  enabled: 0,
  disabled: 0,
};

/** The same ports, none of which can fail: a request that upstream would answer is not lost to our bookkeeping. */
export function forgiving<Deps extends Bookkeeping>(deps: Deps): Deps {
  const { pool, log, clock, random, ids } = deps;
  return {
    ...deps,
    pool: forgivingPool(pool),
    log: { append: safely((record) => log.append(record), undefined) },
    clock: forgivingClock(clock),
    random: { next: safely(() => random.next(), 0.5) },
    ids: safely(ids, requestId("unknown")),
  };
}

function forgivingPool(pool: AccountPool): AccountPool {
  let last = EMPTY;
  return {
    snapshot() {
      try {
        last = pool.snapshot();
      } catch {
        // What was known before is better than nothing.
      }
      return last;
    },
    record: safely((event) => pool.record(event), undefined),
    began: safely((id) => pool.began(id), undefined),
    ended: safely((id) => pool.ended(id), undefined),
    place: safely((placement) => pool.place(placement), undefined),
    async reload() {
      try {
        await pool.reload();
      } catch {
        // The refusal stands on what is in memory.
      }
    },
  };
}

function forgivingClock(clock: Clock): Clock {
  let last: EpochMs = epochMs(0);
  return {
    now() {
      try {
        last = clock.now();
      } catch {
        // Time stands still.
      }
      return last;
    },
  };
}

function safely<Args extends readonly unknown[], Value>(
  run: (...args: Args) => Value,
  otherwise: Value,
): (...args: Args) => Value {
  return (...args) => {
    try {
      return run(...args);
    } catch {
      return otherwise;
    }
  };
}
