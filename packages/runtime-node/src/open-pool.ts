import type { TokenSource } from "@open-multi-auth/auth-oauth";
import type { Transport } from "@open-multi-auth/connector";
import type { KeySource, OpenReport, PoolStore, StoreError } from "@open-multi-auth/core-store";
import { createJsonLines, openStore } from "@open-multi-auth/core-store/node";
import {
  decisionRecordSchema,
  environmentSettings,
  parseEnvironment,
  persistedSettings,
  resolveSettings,
  type AccountView,
  type Actor,
  type AuditEntry,
  type Clock,
  type DecisionRecord,
  type Environment,
  type Failure,
  type HigherLayers,
  type Incident,
  type Random,
  type ResolvedSettings,
  type RuntimeSettings,
  type Settings,
  type StoreV2,
} from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import { accountViews } from "./account-views.ts";
import { createAuditLog, type Deed } from "./audit-log.ts";
import { createIncidentLog, type IncidentLog } from "./incidents.ts";
import { createForceKeeper } from "./force-keeper.ts";
import { modelTransport } from "./http.ts";
import { LOG_BOUND, logReader, type LogReader } from "./logs.ts";
import { poolPaths, type PoolPaths } from "./paths.ts";
import { awaitRefreshes, startRenewals } from "./renewals.ts";
import { servePool, type ServingPool } from "./serve-pool.ts";
import { systemKeys } from "./system-keys.ts";
import { systemClock, systemRandom } from "./system.ts";
import { poolTokens } from "./tokens.ts";

/** What {@link openPool} may be told; everything but the environment has a default. */
export interface OpenPoolOptions {
  /** The process environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings of the runtime layer: plugin options, command-line flags. */
  readonly runtimeSettings?: RuntimeSettings;
  /** For whom this process acts when it changes something by itself, as ending a force. Default `{via: "api"}`. */
  readonly actor?: Actor;
  readonly clock?: Clock;
  readonly random?: Random;
  /** For everything that goes out. Default: fetch, and for model requests the client that costs this runtime least. */
  readonly fetch?: typeof globalThis.fetch;
  /** What opens an encrypted store, where not the environment and this machine's keychain alone. */
  readonly keys?: KeySource;
  /** Told of what went wrong in the background; requests go on. */
  readonly onProblem?: (problem: Failure) => void;
}

/** The person's accounts with everything around them, as apps use it. */
export interface Pool {
  readonly store: PoolStore;
  readonly paths: PoolPaths;
  readonly environment: Environment;
  /** What opens its files where they are encrypted. */
  readonly keys: KeySource;
  readonly clock: Clock;
  /** The settings' layers over what is persisted. */
  readonly layers: HigherLayers;
  /** How the store was found: opened, created, or restored from its snapshot. */
  readonly report: OpenReport;
  readonly decisions: LogReader<DecisionRecord>;
  readonly audit: LogReader<AuditEntry>;
  readonly incidents: LogReader<Incident> & Pick<IncidentLog, "note">;
  /** The newest known state; a force that is over is ended in it. */
  state(): StoreV2;
  /** The store, with every transaction noted in the audit log. */
  audited(deed: Deed): PoolStore;
  /** Notes in the audit log what changes nothing and is noted all the same. */
  noteDeed(deed: Deed): void;
  /** Living access tokens; the same that requests are sent with. */
  readonly tokens: TokenSource;
  settings(): ResolvedSettings;
  views(): AccountView[];
  /** Renews tokens ahead of their end from now on, until the pool is closed. */
  keepRenewed(): void;
  /**
   * Prepares this process to answer model requests, and from then on renews tokens ahead of their end; called once,
   * before the first of them.
   *
   * @param transport what carries them, where not the options' fetch or the client that costs this runtime least
   */
  serve(transport?: Transport): ResultAsync<ServingPool, StoreError>;
  /** Writes what is still in memory, bookkeeping and records, after a short wait for refreshes that are under way. */
  flush(): ResultAsync<void, StoreError>;
  /** The same, and lets go of the folder. */
  close(): ResultAsync<void, StoreError>;
}

/**
 * Opens the pool that the environment names: the one composition that every app uses.
 *
 * @returns the pool, or why its store cannot be used (codes of core-store's `StoreError`)
 */
export function openPool(options: OpenPoolOptions): ResultAsync<Pool, StoreError> {
  const { env, clock = systemClock, random = systemRandom } = options;
  const { fetch = globalThis.fetch } = options;
  const keys = options.keys ?? systemKeys({ env });
  const environment = parseEnvironment(env);
  const paths = poolPaths(env, environment);
  const incidents = createIncidentLog(paths.activity, clock);
  const onProblem = (problem: Failure): void => {
    incidents.noteProblem(problem);
    options.onProblem?.(problem);
  };
  const located = {
    folder: paths.folder,
    ...(environment.values.STORE_FILE !== undefined && { file: paths.storeFile }),
    earlierPassphrase: env["CODEX_SOFT_STORE_PASSPHRASE"],
  };
  return openStore({ ...located, keys, clock, random, onProblem }).map((store) =>
    poolOver(store, {
      ...options,
      keys,
      clock,
      random,
      fetch,
      transport: () => modelTransport(options.fetch, env),
      onProblem,
      incidents,
      environment,
      paths,
    }),
  );
}

interface Opened extends OpenPoolOptions {
  readonly keys: KeySource;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
  /** Made where model requests are answered. */
  readonly transport: () => Transport;
  readonly onProblem: (problem: Failure) => void;
  readonly incidents: IncidentLog;
  readonly environment: Environment;
  readonly paths: PoolPaths;
}

function poolOver(store: PoolStore, opened: Opened): Pool {
  const { clock, environment, paths, incidents, onProblem, actor = { via: "api" } } = opened;
  if (store.report.problem !== undefined) incidents.noteProblem(store.report.problem);
  const layers = { runtime: opened.runtimeSettings ?? {}, environment: environmentSettings(environment) };
  const resolved = settingsOf(store, layers);
  const inForce = (): Settings => resolved().settings;
  const decisions = createJsonLines({
    folder: paths.decisions,
    name: "decisions",
    clock,
    ...LOG_BOUND,
  });
  const audit = createAuditLog({ store, folder: paths.folder, clock, onProblem });
  const force = createForceKeeper({ store, settings: inForce, audit, clock, actor });
  const parts = { ...opened, store, force, settings: inForce };
  const tokens = poolTokens(parts);
  let endRenewals: (() => void) | undefined;
  const keepRenewed = (): void => {
    endRenewals ??= startRenewals({ ...parts, tokens });
  };
  const settled = () => ResultAsync.fromSafePromise(awaitRefreshes(tokens));
  const noted = (): ResultAsync<void, never> => ResultAsync.fromSafePromise(force.noted());
  const state = (): StoreV2 => {
    force.settle();
    return store.state();
  };
  const settings = (): ResolvedSettings => {
    force.settle();
    return resolved();
  };
  return {
    store,
    paths: { ...paths, storeFile: store.report.earlier?.store ?? paths.storeFile },
    environment,
    keys: opened.keys,
    clock,
    layers,
    report: store.report,
    decisions: logReader(decisions, (line) => decisionRecordSchema.safeParse(line).data),
    audit: {
      read: (limit) => noted().andThen(() => audit.log.read(limit)),
      since: (position) => noted().andThen(() => audit.log.since(position)),
    },
    incidents,
    state,
    audited: audit.of,
    noteDeed: (deed) => audit.noteDeed(deed),
    settings,
    views: () => accountViews(state(), inForce(), clock.now()),
    tokens,
    keepRenewed,
    serve: (transport = opened.transport()) =>
      servePool({ ...parts, tokens, decisions, transport }).map((serving) => {
        keepRenewed();
        return serving;
      }),
    flush: () =>
      settled()
        .andThen(() => all([store.flush(), decisions.flush(), noted().andThen(audit.flush)]))
        .andThrough(() => incidents.flush()),
    close() {
      endRenewals?.();
      const closing = settled().andThen(() =>
        all([store.close(), decisions.close(), noted().andThen(audit.close)]),
      );
      // The last: closing the others may be an incident.
      return ResultAsync.fromSafePromise(closing).andThen((closed) =>
        incidents.close().andThen(() => closed),
      );
    },
  };
}

const all = (ends: ResultAsync<void, StoreError>[]): ResultAsync<void, StoreError> =>
  ResultAsync.combine(ends).map(() => undefined);

/** Effective settings, made anew only when what is persisted has changed. */
function settingsOf(store: PoolStore, layers: HigherLayers): () => ResolvedSettings {
  let seen: Pick<StoreV2, "settings" | "rotationStrategy"> | undefined;
  let resolved: ResolvedSettings;
  return () => {
    const state = store.state();
    if (seen?.settings !== state.settings || seen.rotationStrategy !== state.rotationStrategy) {
      resolved = resolveSettings({ persisted: persistedSettings(state), ...layers });
      seen = state;
    }
    return resolved;
  };
}
