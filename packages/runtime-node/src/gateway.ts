import type { Transport } from "@open-multi-auth/connector";
import type { StoreError } from "@open-multi-auth/core-store";
import {
  addGatewayKey,
  revokeGatewayKey,
  type Actor,
  type Failure,
  type GatewayKey,
  type GatewayKeyError,
  type GatewayKeyNotFound,
} from "@open-multi-auth/domain";
import {
  keyDigest,
  mintKey,
  serveGateway,
  type Gateway,
  type GatewayError,
} from "@open-multi-auth/gateway/node";
import { okAsync, ResultAsync } from "neverthrow";
import { randomBytes } from "node:crypto";
import { watchNotices } from "./notices/notices.ts";
import type { Pool } from "./open-pool.ts";
import { poolUsage } from "./pool-usage.ts";
import { proxyUse } from "./environment-proxy.ts";
import { poolSeries } from "./series.ts";

export type { Gateway, GatewayError } from "@open-multi-auth/gateway/node";

/** Where the gateway listens unless told otherwise: clients' configurations name it. */
export const GATEWAY_PORT = 4141;

/** Older ones cannot load it. */
const UNDICI_NODE = 22;

/** What {@link openGateway} is told. */
export interface OpenGatewayOptions {
  /** 0: any free one. Default {@link GATEWAY_PORT}. */
  readonly port?: number;
  readonly version: string;
  /** Whether this process keeps the hourly series and tells notices already, as a server of the API does. */
  readonly isBesideServer?: boolean;
  /** Where it names a proxy, requests go through it, by the transport that can. Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of what is broken in the gateway itself; it lives on. */
  readonly onProblem?: (problem: Failure) => void;
}

/**
 * Opens a gateway to the pool on 127.0.0.1. It has this process answer model requests (`pool.serve()`), alone or beside
 * whatever else the process does.
 *
 * @returns the gateway, `PORT_TAKEN` or `LISTEN_REFUSED`, or the store's failure
 */
export function openGateway(
  pool: Pool,
  {
    port = GATEWAY_PORT,
    version,
    isBesideServer = false,
    env = process.env,
    onProblem = () => {},
  }: OpenGatewayOptions,
): ResultAsync<Gateway, GatewayError | StoreError> {
  const reloadKeys = async (): Promise<unknown> => pool.store.reload();
  const keys = { keyDigests: digestsOf(pool), reloadKeys };
  const parts = { ...keys, usage: poolUsage(pool), clock: pool.clock, version };
  return gatewayTransport(env)
    .andThen((transport) => pool.serve(transport))
    .andThen((handler) => serveGateway({ ...parts, handler }, { port, onProblem }))
    .map((gateway) => (isBesideServer ? gateway : besides(gateway, pool)));
}

/** Undici's dispatcher, where Node is new enough for it and no proxy is in the way; else what any pool uses. */
function gatewayTransport(
  env: Readonly<Record<string, string | undefined>>,
): ResultAsync<Transport | undefined, never> {
  const isFit = Number.parseInt(process.versions.node, 10) >= UNDICI_NODE && proxyUse(env) === "none";
  return isFit
    ? ResultAsync.fromSafePromise(import("./undici-transport.ts").then((undici) => undici.undiciTransport()))
    : okAsync(undefined);
}

/** What a long-lived process does beside its requests. */
function besides(gateway: Gateway, pool: Pool): Gateway {
  const endSeries = poolSeries(pool).keep();
  const endNotices = watchNotices(pool);
  return {
    ...gateway,
    async close() {
      endSeries();
      await endNotices();
      await gateway.close();
    },
  };
}

/** The gateway's keys, as a person sees and changes them. Running gateways follow within a second. */
export interface GatewayKeys {
  /** In the order of their making; what they are cannot be shown again. */
  list(): readonly GatewayKey[];
  /** What is kept of this key, if it is one of them. */
  find(key: string): GatewayKey | undefined;
  /**
   * Makes a key.
   *
   * @returns the key itself, this once; `KEY_NAME_INVALID` or `KEY_NAME_TAKEN`
   */
  create(name: string): ResultAsync<string, GatewayKeyError | StoreError>;
  /** Takes a key away; `KEY_NOT_FOUND`. */
  revoke(name: string): ResultAsync<void, GatewayKeyNotFound | StoreError>;
}

/** The keys of a pool's gateway; changes are noted in the audit log on behalf of `actor`. */
export function gatewayKeys(pool: Pool, actor: Actor): GatewayKeys {
  return {
    list: () => pool.state().gatewayKeys ?? [],
    find: (key) => (pool.state().gatewayKeys ?? []).find(({ digest }) => digest === keyDigest(key)),
    create(name) {
      const key = mintKey(randomBytes);
      const made = { name, digest: keyDigest(key), createdAt: pool.clock.now(), createdBy: actor };
      return pool
        .audited({ actor, action: "key.create" })
        .update((store) => addGatewayKey(store, made))
        .map(() => key);
    },
    revoke: (name) =>
      pool
        .audited({ actor, action: "key.revoke" })
        .update((store) => revokeGatewayKey(store, name))
        .map(() => undefined),
  };
}

function digestsOf(pool: Pool): () => readonly string[] {
  let seen: readonly GatewayKey[] | undefined;
  let digests: readonly string[] = [];
  return () => {
    const { gatewayKeys: keys } = pool.store.state();
    if (keys !== seen) {
      seen = keys;
      digests = (keys ?? []).map(({ digest }) => digest);
    }
    return digests;
  };
}
