import type { Actor } from "@open-multi-auth/domain";
import type { ProbeRunner } from "@open-multi-auth/limits-probe";
import type { ApiPorts, DoctorPort, StateView } from "@open-multi-auth/loopback-api";
import { openLimits } from "../limits.ts";
import { watchNotices } from "../notices/notices.ts";
import { poolMetrics } from "../metrics.ts";
import type { Pool } from "../open-pool.ts";
import { poolLog } from "../pool-log.ts";
import { poolSeries } from "../series.ts";
import { antigravityPort } from "./antigravity-port.ts";
import { watchActivity } from "./activity.ts";
import { changesOf } from "./changes.ts";
import { createLinkBook } from "./link-book.ts";
import { foundLogins } from "./logins.ts";
import { watchProbes } from "./probe-watch.ts";
import type { ProblemLog } from "./problem-log.ts";
import { statePort } from "./state-port.ts";
import { watchStoreHealth } from "./store-health.ts";

interface Options {
  readonly problems: ProblemLog;
  readonly doctor: DoctorPort;
  readonly server: StateView["server"];
  readonly fallbacks?: readonly ProbeRunner[];
  readonly fetch?: typeof globalThis.fetch;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The ports of the API over a pool, and the work of a long-lived process beside them. */
export interface WiredPorts {
  readonly ports: ApiPorts;
  /** Ends the work; sign-ins that wait are given up. */
  close(): Promise<void>;
}

/** Wires them: limits are kept fresh and tokens renewed from now on. */
export function apiPorts(pool: Pool, options: Options): WiredPorts {
  const { problems, doctor, server, fetch, fallbacks = [], env = process.env } = options;
  const { clock } = pool;
  const limits = openLimits(pool, { clock, fallbacks, ...(fetch && { fetch }) });
  const probes = watchProbes(pool, limits);
  const links = createLinkBook(pool, { clock, onProblem: problems.note, ...(fetch && { fetch }) });
  const activity = watchActivity(pool);
  const health = watchStoreHealth(pool, problems);
  const series = poolSeries(pool);
  const metrics = poolMetrics(pool);
  const log = poolLog(pool);
  const unkeep = series.keep();
  const endNotices = watchNotices(pool, { clock, ...(fetch && { fetch }) });
  const unwatch = limits.watch();
  pool.keepRenewed();
  const deps = { pool, limits, probes, links, activity, problems, health, server };
  return {
    ports: {
      state: statePort(deps),
      decisions: { read: (limit) => pool.decisions.read(limit) },
      doctor,
      records: {
        series: (days) => series.read(days),
        metrics: () => metrics.read(),
        log: (wish) => log.newest(wish),
      },
      antigravity: antigravityPort({ env, clock }),
      logins: { find: () => foundLogins(pool) },
      changes: (actor: Actor) => changesOf({ ...deps, pool: health.followed }, actor),
    },
    async close() {
      unwatch();
      unkeep();
      links.close();
      activity.close();
      health.close();
      await endNotices();
      await limits.stop();
    },
  };
}
