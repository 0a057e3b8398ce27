import { failure, type Failure, type Fetch } from "@open-multi-auth/domain";
import { err, ok, ResultAsync } from "neverthrow";
import { isObject, parseJsonObject } from "./json-object.ts";

/** A workspace that a person may sign in to. Each needs a sign-in of its own: a token is good for one. */
export interface Workspace {
  /** The upstream's id, an account's `accountId`. */
  readonly id: string;
  readonly name?: string;
}

const TIMEOUT_MS = 5_000;
const MOST = 50;

/**
 * Asks the upstream for the workspaces of the person whose access token it is.
 *
 * @param upstreamUrl the backend, under which `/wham/accounts/check` hangs
 * @returns them in the upstream's order, or `WORKSPACES_UNKNOWN`
 */
export function listWorkspaces(
  upstreamUrl: string,
  accessToken: string,
  fetch: Fetch,
): ResultAsync<Workspace[], Failure<"WORKSPACES_UNKNOWN">> {
  return ResultAsync.fromPromise(
    fetch(`${upstreamUrl}/wham/accounts/check`, {
      method: "GET",
      headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" },
      timeoutMs: TIMEOUT_MS,
    }),
    () => unknown("no answer"),
  ).andThen(({ status, body }) => {
    const listed = status === 200 ? parseJsonObject(body)?.["accounts"] : undefined;
    if (!Array.isArray(listed)) return err(unknown(String(status)));
    return ok(listed.slice(0, MOST).flatMap(workspaceOf));
  });
}

const unknown = (why: string): Failure<"WORKSPACES_UNKNOWN"> =>
  failure("WORKSPACES_UNKNOWN", `the upstream did not tell which workspaces there are (${why})`, {});

function workspaceOf(entry: unknown): Workspace[] {
  if (!isObject(entry)) return [];
  const { id, name } = entry;
  if (typeof id !== "string" || !/^[A-Za-z0-9._-]{1,128}$/.test(id)) return [];
  return [{ id, ...(typeof name === "string" && name !== "" && { name: name.slice(0, 100) }) }];
}
