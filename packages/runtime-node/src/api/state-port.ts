import {
  accountsOf,
  epochMs,
  forceView,
  PRESETS,
  toIso,
  type Actor,
  type EpochMs,
  type StoreV2,
} from "@open-multi-auth/domain";
import { poolRunway, type Runway } from "@open-multi-auth/limits-probe";
import {
  decisionView,
  type RunwayView,
  type SettingsAnswer,
  type StatePort,
  type StateView,
} from "@open-multi-auth/loopback-api";
import { liveSessions } from "@open-multi-auth/scheduler";
import type { Limits } from "../limits.ts";
import type { Pool } from "../open-pool.ts";
import { poolControl } from "../pool-control.ts";
import { accountDetail } from "./account-detail.ts";
import type { Activity } from "./activity.ts";
import type { LinkBook } from "./link-book.ts";
import { nextAlias } from "./next-alias.ts";
import type { ProbeWatch } from "./probe-watch.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { StoreHealth } from "./store-health.ts";

/** What the state is made of. */
export interface StateDeps {
  readonly pool: Pool;
  readonly limits: Limits;
  readonly probes: ProbeWatch;
  readonly links: LinkBook;
  readonly activity: Activity;
  readonly problems: ProblemLog;
  readonly health: StoreHealth;
  readonly server: StateView["server"];
}

/** What can be seen of the pool at any moment, all of it in memory. */
export function statePort(deps: StateDeps): StatePort {
  const { pool, limits, probes, links, activity, problems, health } = deps;
  const control = poolControl(pool, NOBODY);
  return {
    view: () => stateView(deps),
    accounts: () => limits.views(),
    account: (alias) => accountDetail(pool.state(), limits.views(), alias),
    force: () => control.force(),
    settings: () => settingsAnswer(pool),
    links: () => links.recent(),
    link: (id) => links.view(id),
    probes: () => probes.progress(),
    watch(tell, changed) {
      const ends = [
        pool.store.subscribe(changed),
        limits.subscribe(changed),
        health.subscribe(changed),
        probes.subscribe(tell),
        links.subscribe((link) => {
          tell({ type: "link", data: link });
          changed();
        }),
        activity.subscribe((record) => {
          if (record) tell({ type: "decision", data: decisionView(record) });
          changed();
        }),
        problems.subscribe((problem) => {
          tell({ type: "problem", data: problem });
          changed();
        }),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

/** Looking changes nothing, so nobody is noted. */
const NOBODY: Actor = { via: "api" };

function stateView({
  pool,
  limits,
  probes,
  links,
  activity,
  problems,
  health,
  server,
}: StateDeps): StateView {
  const store = pool.state();
  const now = pool.clock.now();
  const { settings } = pool.settings();
  const runway = poolRunway(accountsOf(store), now);
  return {
    now: toIso(now) ?? "",
    server,
    accounts: limits.views(),
    current: known(store, activity.current()),
    next: nextAlias(store, settings, { now, after: activity.current() }),
    conversations: conversationsIn(store, now),
    force: forceView(store),
    settings: poolControl(pool, NOBODY).settings(),
    strategy: settings.rotationStrategy,
    runway: { fiveHour: runwayView(runway.fiveHour), weekly: runwayView(runway.weekly) },
    links: links.recent(),
    probes: probes.progress(),
    counters: activity.counters(),
    incident: activity.incident(),
    store: health.view(),
    problems: [...problems.list()],
  };
}

const MINUTE_MS = 60_000;

/** To the minute, up: a forecast that is newly made each moment would never be the same twice. */
function runwayView(runway: Runway): RunwayView {
  if (runway.kind !== "runs-out") return runway;
  const at = toIso(epochMs(Math.ceil(runway.at / MINUTE_MS) * MINUTE_MS));
  return at === undefined ? { kind: "lasts" } : { kind: "runs-out", at };
}

function conversationsIn(store: StoreV2, now: EpochMs): StateView["conversations"] {
  const counts = liveSessions(store.affinity ?? NONE, now);
  return Object.fromEntries(
    accountsOf(store).flatMap(({ id, alias }) => (counts.has(id) ? [[alias, counts.get(id) ?? 0]] : [])),
  );
}

/** One object for all, since counts are kept by it. */
const NONE = {};

/** A record may tell of an account that was renamed or removed since. */
const known = (store: StoreV2, alias: string | undefined): string | null =>
  alias !== undefined && Object.hasOwn(store.accounts, alias) ? alias : null;

function settingsAnswer(pool: Pool): SettingsAnswer {
  return {
    ...poolControl(pool, NOBODY).settings(),
    presets: Object.fromEntries(Object.entries(PRESETS).map(([name, patch]) => [name, { ...patch }])),
    environmentIssues: pool.environment.issues.map(({ variable, constraint }) => ({ variable, constraint })),
  };
}
