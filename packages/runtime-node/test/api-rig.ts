import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@open-multi-auth/domain";
import type { ApiEvent } from "@open-multi-auth/loopback-api";
import { createApiClient, type ApiCall } from "@open-multi-auth/loopback-api/client";
import type { AccountOptions } from "@open-multi-auth/upstream-sim";
import { createProblemLog, startApiServer, type ApiServer, type ApiServerOptions } from "../src/api.ts";
import { systemClock } from "../src/index.ts";
import { freePort } from "./linking-rig.ts";
import { createRig, type Rig } from "./rig.ts";

/** A pool that serves requests, and the API over it on a real socket. */
export interface ApiRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly server: ApiServer;
  /** As `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The API for a tool that has the token. */
  readonly call: ApiCall;
  /** The folder of the store. */
  readonly folder: string;
  /** A cookie that a launch code was exchanged for. */
  cookie(): Promise<string>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export const AUTO = { host: "127.0.0.1", port: 0, version: "1.2.3" };

/** Waits until no probe is under way any more: then nothing changes by itself. */
export async function createApiRig(
  accounts: readonly AccountOptions[],
  {
    env = {},
    clock,
    ...options
  }: Partial<ApiServerOptions> & { env?: NodeJS.ProcessEnv; clock?: Clock } = {},
): Promise<ApiRig> {
  const ports = `${await freePort()},${await freePort()}`;
  const environment = { OPENCODE_MULTI_AUTH_REDIRECT_PORTS: ports, ...env };
  const rig = await createRig(accounts, environment, undefined, { ...(clock && { clock }) });
  const server = await startOver(rig, options);
  const origin = server.url.slice(0, -1);
  const call = createApiClient({ baseUrl: origin, token: server.token });
  await until(async () => {
    const { running, queued } = await stateOf(call, "probes");
    return running.length + queued.length === 0;
  });
  const raw: ApiRig["fetch"] = (path, init = {}) => fetch(origin + path, init);
  return {
    rig,
    server,
    origin,
    call,
    folder: rig.env["OPENCODE_MULTI_AUTH_STORE_DIR"]!,
    fetch: raw,
    async cookie() {
      const code = new URL(server.launchUrl()).hash.replace("#launch=", "");
      const answer = await raw("/api/session", {
        method: "POST",
        headers: { "content-type": "application/json", "x-open-multi-auth": "1", origin },
        body: JSON.stringify({ code }),
      });
      return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** Another server over the same pool. */
export async function startOver(rig: Rig, options: Partial<ApiServerOptions> = {}): Promise<ApiServer> {
  const started = await startApiServer(rig.pool, {
    ...AUTO,
    problems: createProblemLog(systemClock),
    doctor: { examine: async () => ({ ranAt: new Date(0).toISOString(), checks: [] }) },
    file: () => undefined,
    ...options,
  });
  const server = started._unsafeUnwrap();
  if (server.kind !== "started") throw new Error("another server runs");
  return server;
}

export async function stateOf<K extends keyof Extract<ApiEvent, { type: "state" }>["data"]>(
  call: ApiCall,
  part: K,
): Promise<Extract<ApiEvent, { type: "state" }>["data"][K]> {
  const state = await call("GET /api/state");
  if (!state.ok) throw new Error(JSON.stringify(state.error));
  return state.value[part];
}

/** Polls until it holds; the test's own deadline ends it otherwise. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The accounts as the disk has them. */
export async function accountsOnDisk({ rig, folder }: ApiRig): Promise<Record<string, unknown>> {
  await rig.pool.store.flush();
  return JSON.parse(await readFile(join(folder, "store.json"), "utf8")).accounts;
}

/** Reads server-sent events until the predicate holds, then leaves. */
export async function eventsUntil(
  api: Pick<ApiRig, "fetch" | "server">,
  holds: (events: readonly Told[]) => boolean,
  { lastEventId, onOpen }: { lastEventId?: string; onOpen?: () => void } = {},
): Promise<Told[]> {
  const leaving = new AbortController();
  const answer = await api.fetch("/api/events", {
    headers: {
      authorization: `Bearer ${api.server.token}`,
      ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
    },
    signal: leaving.signal,
  });
  onOpen?.();
  const events: Told[] = [];
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body!) {
      const parts = (text + decoder.decode(chunk, { stream: true })).split("\n\n");
      text = parts.pop() ?? "";
      events.push(...parts.filter((part) => part.includes("event: ")).map(told));
      if (holds(events)) break;
    }
  } finally {
    leaving.abort();
  }
  return events;
}

/** One event as it was told. */
export interface Told {
  readonly id?: string;
  readonly event: ApiEvent;
}

function told(part: string): Told {
  const fields = new Map(
    part.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
  );
  const id = fields.get("id");
  const event: ApiEvent = JSON.parse(`{"type":"${fields.get("event")}","data":${fields.get("data")}}`);
  return { ...(id !== undefined && { id }), event };
}
