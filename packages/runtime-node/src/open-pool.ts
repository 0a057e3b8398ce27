import type { TokenSource } from "@open-multi-auth/auth-oauth";
import type { KeySource, OpenReport, PoolStore, StoreError } from "@open-multi-auth/core-store";
import { createJsonLines, openStore } from "@open-multi-auth/core-store/node";
import {
  decisionRecordSchema,
  environmentSettings,
  parseEnvironment,
  resolveSettings,
  type AccountView,
  type Clock,
  type DecisionRecord,
  type Environment,
  type Failure,
  type Random,
  type ResolvedSettings,
  type RuntimeSettings,
  type StoreV2,
} from "@open-multi-auth/domain";
import { ResultAsync } from "neverthrow";
import { accountViews } from "./account-views.ts";
import { modelTransport } from "./http.ts";
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
  /** How the store was found: opened, created, or restored from its snapshot. */
  readonly report: OpenReport;
  readonly decisions: {
    /** The newest records of every process, newest first. A line that is none is left out. */
    read(limit: number): ResultAsync<DecisionRecord[], StoreError>;
  };
  /** Living access tokens; the same that requests are sent with. */
  readonly tokens: TokenSource;
  settings(): ResolvedSettings;
  views(): AccountView[];
  /**
   * Prepares this process to answer model requests, and from then on renews tokens ahead of their end; called once,
   * before the first of them.
   */
  serve(): ResultAsync<ServingPool, StoreError>;
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
  const { env, clock = systemClock, random = systemRandom, onProblem = () => {} } = options;
  const keys = options.keys ?? systemKeys({ env });
  const fetch = options.fetch ?? globalThis.fetch;
  const environment = parseEnvironment(env);
  const paths = poolPaths(env, environment);
  const located = {
    folder: paths.folder,
    ...(environment.values.STORE_FILE !== undefined && { file: paths.storeFile }),
    earlierPassphrase: env["CODEX_SOFT_STORE_PASSPHRASE"],
  };
  return openStore({ ...located, keys, clock, random, onProblem }).map((store) => {
    const settings = settingsOf(store, options.runtimeSettings ?? {}, environment);
    const decisions = createJsonLines({
      folder: paths.decisions,
      name: "decisions",
      clock,
      ...DECISIONS_BOUND,
    });
    const parts = {
      store,
      paths,
      environment,
      settings: () => settings().settings,
      clock,
      random,
      fetch,
      onProblem,
    };
    const tokens = poolTokens(parts);
    let endRenewals: (() => void) | undefined;
    const settled = () => ResultAsync.fromSafePromise(awaitRefreshes(tokens));
    return {
      store,
      paths: { ...paths, storeFile: store.report.earlier?.store ?? paths.storeFile },
      environment,
      keys,
      report: store.report,
      decisions: { read: (limit) => decisions.read(limit).map(decisionRecords) },
      tokens,
      settings,
      views: () => accountViews(store.state(), settings().settings, clock.now()),
      serve: () =>
        servePool({ ...parts, tokens, decisions, transport: modelTransport(options.fetch) }).map(
          (serving) => {
            endRenewals = startRenewals({ ...parts, tokens });
            return serving;
          },
        ),
      flush: () =>
        settled().andThen(() => ResultAsync.combine([store.flush(), decisions.flush()]).map(nothing)),
      close() {
        endRenewals?.();
        return settled().andThen(() => ResultAsync.combine([store.close(), decisions.close()]).map(nothing));
      },
    };
  });
}

const nothing = (): void => undefined;

/** About a month of a busy person's records. */
const DECISIONS_BOUND = { maxBytes: 5_000_000, maxFiles: 5 };

/** Effective settings, made anew only when what is persisted has changed. */
function settingsOf(
  store: PoolStore,
  runtime: RuntimeSettings,
  environment: Environment,
): () => ResolvedSettings {
  const fromEnvironment = environmentSettings(environment);
  let seen: Pick<StoreV2, "settings" | "rotationStrategy"> | undefined;
  let resolved: ResolvedSettings;
  return () => {
    const state = store.state();
    if (seen?.settings !== state.settings || seen.rotationStrategy !== state.rotationStrategy) {
      const persisted = { ...state.settings, rotationStrategy: state.rotationStrategy };
      resolved = resolveSettings({ persisted, runtime, environment: fromEnvironment });
      seen = state;
    }
    return resolved;
  };
}

function decisionRecords(lines: readonly object[]): DecisionRecord[] {
  return lines.flatMap((line) => decisionRecordSchema.safeParse(line).data ?? []);
}
