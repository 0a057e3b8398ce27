import { epochMs, requestId, SETTINGS_DEFAULTS, type EpochMs } from "@open-multi-auth/domain";
import type { ConnectorDeps, PoolSnapshot } from "./ports.ts";

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
  let lastSnapshot = EMPTY;
  let lastNow: EpochMs = epochMs(0);
  return {
    ...deps,
    pool: {
      snapshot: () => (lastSnapshot = attempt(() => pool.snapshot(), lastSnapshot)),
      record: (event) => attempt(() => pool.record(event), undefined),
      place: (placement) => attempt(() => pool.place(placement), undefined),
      reload: async () => {
        await attempt(() => pool.reload(), Promise.resolve()).catch(() => undefined);
      },
    },
    log: { append: (record) => attempt(() => log.append(record), undefined) },
    clock: { now: () => (lastNow = attempt(() => clock.now(), lastNow)) },
    random: { next: () => attempt(() => random.next(), 0.5) },
    ids: () => attempt(ids, requestId("unknown")),
  };
}

function attempt<Value>(run: () => Value, otherwise: Value): Value {
  try {
    return run();
  } catch {
    return otherwise;
  }
}
