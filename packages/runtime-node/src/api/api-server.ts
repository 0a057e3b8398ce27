import { createFileLock, thisProcess } from "@open-multi-auth/core-store/node";
import type { LockError, StoreError } from "@open-multi-auth/core-store";
import { toIso, type Random } from "@open-multi-auth/domain";
import type { ProbeRunner } from "@open-multi-auth/limits-probe";
import { createApi, type Api, type DoctorPort } from "@open-multi-auth/loopback-api";
import {
  listen,
  loopbackHost,
  nodeSecrets,
  requestListener,
  type ListenError,
  type Listening,
} from "@open-multi-auth/loopback-api/node";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { join } from "node:path";
import type { Pool } from "../open-pool.ts";
import { systemRandom, systemTimers, systemUser } from "../system.ts";
import { apiPorts } from "./api-ports.ts";
import { findServer, launchUrl, type FoundServer, type ServerSilent } from "./find-server.ts";
import type { ProblemLog } from "./problem-log.ts";
import { serverFiles, type ServerFiles } from "./server-files.ts";

/** What {@link startApiServer} is told. */
export interface ApiServerOptions {
  readonly host: string;
  /** The first port that is tried; 0 takes any. */
  readonly port: number;
  readonly version: string;
  /** Where the pool tells its problems: the `onProblem` that it was opened with. */
  readonly problems: ProblemLog;
  readonly doctor: DoctorPort;
  /** The files of the page, by path. */
  readonly file: (path: string) => Response | undefined;
  /** Sources of limits to ask where the usage endpoint has no answer, cheapest first. */
  readonly fallbacks?: readonly ProbeRunner[];
  readonly random?: Random;
  readonly fetch?: typeof globalThis.fetch;
  /** The process environment. Default: this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A server of this process. */
export interface ApiServer {
  readonly kind: "started";
  /** As `http://127.0.0.1:3434/`. */
  readonly url: string;
  readonly port: number;
  /** Ports that would have been preferred, and are held by other programs. */
  readonly passedOver: readonly number[];
  /** For tools; also in a file of its own beside the store. */
  readonly token: string;
  /** An address that begins a session, good once and for a minute. */
  launchUrl(): string;
  /** Stops to listen, calls off what runs, and forgets every session. */
  close(): Promise<void>;
}

/** Another process's server. */
export interface OtherServer extends FoundServer {
  readonly kind: "found";
}

export type ApiServerError = ListenError | LockError | ServerSilent | StoreError;

/**
 * Serves the API and the page of a pool on loopback, or finds the server that another process runs for it. Limits are
 * kept fresh and tokens renewed while it runs.
 */
export function startApiServer(
  pool: Pool,
  options: ApiServerOptions,
): ResultAsync<ApiServer | OtherServer, ApiServerError> {
  // Before anything else: nothing is listened to, and nothing written, for a host that others can reach.
  const loopback = loopbackHost(options.host);
  if (loopback.isErr()) return new ResultAsync(Promise.resolve(err(loopback.error)));
  const { random = systemRandom } = options;
  const { clock, paths } = pool;
  const files = serverFiles({ folder: paths.folder, clock, random });
  // Two that start at once: the second finds the first.
  return createFileLock(join(paths.folder, "server.lock"), { clock, random })
    .acquire({ deadlineMs: 10_000 })
    .andThen((held) => new ResultAsync(findOrStart(pool, files, options).finally(() => held.release())));
}

async function findOrStart(
  pool: Pool,
  files: ServerFiles,
  options: ApiServerOptions,
): Promise<Result<ApiServer | OtherServer, ApiServerError>> {
  const found = await findServer(files);
  if (found.isErr()) return err(found.error);
  if (found.value) return ok({ kind: "found", ...found.value });
  const listening = await listen(options);
  if (listening.isErr()) return err(listening.error);
  const server = serve(pool, listening.value, options);
  const { authority } = listening.value;
  const { version } = options;
  const startedAt = toIso(pool.clock.now()) ?? "";
  const written = await files.write(
    { pid: process.pid, authority, version, startedAt, process: thisProcess() },
    server.api.sessions.token,
  );
  if (written.isErr()) {
    await server.close();
    return err(written.error);
  }
  return ok({
    kind: "started",
    url: `http://${authority}/`,
    port: listening.value.port,
    passedOver: listening.value.passedOver,
    token: server.api.sessions.token,
    launchUrl: () => launchUrl(authority, server.api.sessions.launchCode().code),
    async close() {
      await files.remove(process.pid);
      await server.close();
    },
  });
}

interface Serving {
  readonly api: Api;
  close(): Promise<void>;
}

function serve(pool: Pool, listening: Listening, options: ApiServerOptions): Serving {
  const { version, problems, file } = options;
  const startedAt = toIso(pool.clock.now()) ?? "";
  const wired = apiPorts(pool, { ...options, server: { version, pid: process.pid, startedAt } });
  const { port, authority } = listening;
  const api = createApi({
    ports: wired.ports,
    clock: pool.clock,
    secrets: nodeSecrets,
    after: (ms, work) => systemTimers.after(ms, work),
    port,
    hosts: [authority, `localhost:${port}`],
    version,
    user: systemUser(),
    file,
    onBug: (problem) => problems.note(problem),
  });
  listening.handle(requestListener(api));
  return {
    api,
    async close() {
      api.close();
      await listening.close();
      await wired.close();
    },
  };
}
