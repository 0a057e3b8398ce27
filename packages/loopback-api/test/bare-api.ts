import { epochMs, SETTINGS_DEFAULTS, type EpochMs } from "@open-multi-auth/domain";
import { okAsync } from "neverthrow";
import { createApi, type Api, type ApiDeps } from "../src/api.ts";
import { nodeSecrets } from "../src/node/secrets.ts";
import type { ApiPorts, Happening, StatePort } from "../src/ports.ts";
import type { StateView } from "../src/schemas/state.ts";

/** An API over a pool without accounts, for tests of what needs none. */
export interface BareApi {
  readonly api: Api;
  /** Lets something happen. */
  readonly tell: (event: Happening) => void;
  /** The state from now on. */
  readonly show: (state: Partial<StateView>) => void;
  /** Lets time pass for sessions. */
  readonly pass: (ms: number) => void;
  readonly bugs: readonly string[];
}

export function createBareApi(deps: Partial<ApiDeps> & { port: number; hosts: readonly string[] }): BareApi {
  let now = Date.UTC(2026, 10, 21);
  let state = EMPTY;
  let told: ((event: Happening) => void) | undefined;
  let changed: (() => void) | undefined;
  const bugs: string[] = [];
  const api = createApi({
    ports: portsOver({
      view: () => state,
      settings: () => ({ ...state.settings, presets: {}, environmentIssues: [] }),
      watch: (tell, change) => {
        told = tell;
        changed = change;
        return () => (told = changed = undefined);
      },
    }),
    clock: { now: (): EpochMs => epochMs(now) },
    secrets: nodeSecrets,
    after: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    version: "1.2.3",
    file: () => undefined,
    onBug: ({ message }) => void bugs.push(message),
    ...deps,
  });
  return {
    api,
    bugs,
    tell: (event) => told?.(event),
    show(part) {
      state = { ...state, ...part };
      changed?.();
    },
    pass: (ms) => (now += ms),
  };
}

/** What is not given throws: a bug, as far as the API is concerned. */
export function portsOver(state: Partial<StatePort>): ApiPorts {
  return {
    state: missing(state),
    decisions: { read: () => okAsync([]) },
    doctor: missing({}),
    records: missing({}),
    antigravity: missing({}),
    logins: missing({}),
    changes: () => missing({}),
  };
}

function missing<T extends object>(given: Partial<T>): T {
  return new Proxy(JSON.parse("{}"), {
    get(_target, name) {
      const value: unknown = Reflect.get(given, name);
      if (value === undefined) throw new Error(`kaput: ${String(name)}`);
      return value;
    },
  });
}

const EMPTY: StateView = {
  now: "2026-11-21T00:00:00.000Z",
  server: { version: "1.2.3", pid: 1, startedAt: "2026-11-21T00:00:00.000Z" },
  accounts: [],
  current: null,
  next: null,
  conversations: {},
  force: { active: false, strategy: "round-robin" },
  settings: { settings: SETTINGS_DEFAULTS, origins: JSON.parse("{}"), contradictory: [], shares: {} },
  strategy: "round-robin",
  runway: { fiveHour: { kind: "unknown" }, weekly: { kind: "unknown" } },
  links: [],
  probes: { queued: [], running: [] },
  counters: {
    since: "2026-11-14T00:00:00.000Z",
    requests: 0,
    served: 0,
    moved: 0,
    kept: {},
    failed: 0,
    aborted: 0,
    byAlias: {},
  },
  incident: null,
  store: { state: "ok", path: "/store.json", opened: "opened", encrypted: false, quarantined: [] },
  problems: [],
};
