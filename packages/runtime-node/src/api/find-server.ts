import { failure, type Failure } from "@open-multi-auth/domain";
import { nodeSecrets } from "@open-multi-auth/loopback-api/node";
import { createApiClient } from "@open-multi-auth/loopback-api/client";
import type { StoreError } from "@open-multi-auth/core-store";
import { liveness, type Liveness } from "@open-multi-auth/core-store/node";
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

/** A server of ours that runs and does not answer: suspended, or too busy. It keeps its place. */
export type ServerSilent = Failure<"SERVER_SILENT", { pid: number; fix: string }>;

const PATIENCE_MS = 2_000;
/** With one that surely runs: the machine may be very busy. */
const MORE_PATIENCE_MS = 5_000;

/**
 * The server that another process runs for this folder. What a dead one left behind is none, and what does not know
 * the token is none either: it is told nothing.
 */
export function findServer(
  files: Pick<ServerFiles, "read">,
): ResultAsync<FoundServer | undefined, StoreError | ServerSilent> {
  return files
    .read()
    .andThen((said) => new ResultAsync<FoundServer | undefined, StoreError | ServerSilent>(found(said)));
}

async function found(said: SaidServer | undefined): Promise<Result<FoundServer | undefined, ServerSilent>> {
  if (said === undefined) return ok(undefined);
  const life = await lifeOf(said);
  if (life === "dead") return ok(undefined);
  const isSurely = life === "alive";
  const proof = await provesItself(said, isSurely ? MORE_PATIENCE_MS : PATIENCE_MS);
  if (proof === "silent" && isSurely) return err(silent(said));
  if (proof !== "proven") return ok(undefined);
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

const silent = ({ pid, authority }: SaidServer): ServerSilent =>
  failure("SERVER_SILENT", `the dashboard of process ${pid} at ${authority} runs and does not answer`, {
    pid,
    fix: `wait until it does, or end process ${pid}; then try again`,
  });

/** `foreign`: nobody knows. A pid alone may be another process's by now. */
async function lifeOf({ pid, process: owner }: SaidServer): Promise<Liveness> {
  if (owner !== undefined) return liveness(owner);
  return isAlive(pid) ? "foreign" : "dead";
}

/** Whoever took the port since cannot answer this without the token. */
async function provesItself(
  { authority, token }: SaidServer,
  patienceMs: number,
): Promise<"proven" | "silent" | "no"> {
  const nonce = nodeSecrets.random();
  const call = createApiClient({ baseUrl: `http://${authority}` });
  const patience = AbortSignal.timeout(patienceMs);
  const health = await call("GET /api/health", { query: { nonce }, signal: patience });
  if (!health.ok) return patience.aborted ? "silent" : "no";
  if (health.value.proof === undefined) return "no";
  const port = authority.slice(authority.lastIndexOf(":") + 1);
  const wanted = nodeSecrets.sign(token, `open-multi-auth ${port} ${nonce}`);
  return nodeSecrets.same(wanted, health.value.proof) ? "proven" : "no";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
