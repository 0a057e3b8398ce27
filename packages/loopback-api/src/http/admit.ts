import { failure, guardRequest, type Actor, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { Sessions } from "../sessions.ts";

/** A page of ours sends it with every change; a form or a link cannot. */
export const CLIENT_HEADER = "x-open-multi-auth";

const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Refuses what does not come from this machine's own pages and programs, before anything else of it is looked at. */
export function guard(request: Request, hosts: readonly string[]): Result<void, Failure> {
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  return guardRequest(
    {
      method: request.method,
      host: header("host"),
      origin: header("origin"),
      fetchSite: header("sec-fetch-site"),
      contentType: header("content-type"),
    },
    hosts,
  );
}

/** Who asks; where a page does, its changes bring the header of our client. */
export function admit(request: Request, sessions: Sessions): Result<Actor, Failure> {
  const caller = sessions.callerOf(request);
  if (caller === undefined) return err(tokenRequired());
  return caller.by === "cookie" ? fromOurClient(request).map(() => caller.actor) : ok(caller.actor);
}

/** A change that a browser sends by itself, as with a cookie, brings the header of our client. */
export function fromOurClient(request: Request): Result<void, Failure> {
  if (READING.has(request.method) || request.headers.get(CLIENT_HEADER) !== null) return ok();
  const fix = `send the header \`${CLIENT_HEADER}: 1\``;
  return err(failure("FORBIDDEN_ORIGIN", "a change without the header of our client is refused", { fix }));
}

const tokenRequired = (): Failure =>
  failure("TOKEN_REQUIRED", "this needs a session", {
    fix: "run `oma dashboard` for an address that begins one; tools send `Authorization: Bearer` with the token of its file",
  });
