import { failure, type Failure } from "@open-multi-auth/domain";
import { nodeSecrets } from "@open-multi-auth/loopback-api/node";
import { createApiClient } from "@open-multi-auth/loopback-api/client";
import type { StoreError } from "@open-multi-auth/core-store";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import type { SaidServer, ServerFiles } from "./server-files.ts";

/** A server of this folder that runs, and is who it says it is. */
export interface FoundServer {
  readonly pid: number;
  readonly url: string;
  readonly version: string;
  /** An address that begins a session, good once and for a minute. */
  launchUrl(): ResultAsync<string, Failure>;
}

const PATIENCE_MS = 2_000;

/**
 * The server that another process runs for this folder. What a dead one left behind is none, and what does not know
 * the token is none either: it is told nothing.
 */
export function findServer(
  files: Pick<ServerFiles, "read">,
): ResultAsync<FoundServer | undefined, StoreError> {
  return files.read().andThen((said) => new ResultAsync<FoundServer | undefined, StoreError>(found(said)));
}

async function found(said: SaidServer | undefined): Promise<Result<FoundServer | undefined, never>> {
  if (said === undefined || !isAlive(said.pid) || !(await provesItself(said))) return ok(undefined);
  const url = `http://${said.authority}`;
  return ok({
    pid: said.pid,
    url: `${url}/`,
    version: said.version,
    launchUrl: () => ResultAsync.fromSafePromise(launchCode(said)).andThen((made) => made),
  });
}

async function launchCode({ authority, token }: SaidServer): Promise<Result<string, Failure>> {
  const call = createApiClient({ baseUrl: `http://${authority}`, token });
  const made = await call("POST /api/launch-codes", { signal: AbortSignal.timeout(PATIENCE_MS) });
  return made.ok
    ? ok(launchUrl(authority, made.value.code))
    : err(failure(made.error.code, made.error.message, {}));
}

/** The code is in the fragment, which no browser sends and no log has. */
export const launchUrl = (authority: string, code: string): string => `http://${authority}/#launch=${code}`;

/** Whoever took the port since cannot answer this without the token. */
async function provesItself({ authority, token }: SaidServer): Promise<boolean> {
  const nonce = nodeSecrets.random();
  const call = createApiClient({ baseUrl: `http://${authority}` });
  const health = await call("GET /api/health", {
    query: { nonce },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!health.ok || health.value.proof === undefined) return false;
  const port = authority.slice(authority.lastIndexOf(":") + 1);
  const wanted = nodeSecrets.sign(token, `open-multi-auth ${port} ${nonce}`);
  return nodeSecrets.same(wanted, health.value.proof);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
