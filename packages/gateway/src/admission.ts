import { guardRequest, type GuardRefusal } from "@open-multi-auth/domain";
import type { ErrorAnswer } from "./errors.ts";

/** What of a request's head decides whether it may come in. */
export interface Visitor {
  readonly method: string;
  /** The request's target as it was sent. */
  readonly target: string;
  /** Every `Host` header, in order. */
  readonly hosts: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Why a request is turned away at the door, before its key is looked at: only programs of this machine that were told
 * this very address come in. A web page does not: not by another name for it (DNS rebinding), not from another origin,
 * not by a form or any other request that browsers send without asking.
 *
 * @param port where the gateway listens
 * @returns the answer to give, or undefined for a welcome visitor
 */
export function turnedAway(
  { method, target, hosts, headers }: Visitor,
  port: number,
): ErrorAnswer | undefined {
  // Of several hosts, and of a target that names one itself, each proxy would take another.
  const isPlain = hosts.length === 1 && target.startsWith("/");
  const admitted = guardRequest(
    {
      method,
      host: isPlain ? hosts[0] : undefined,
      origin: onlyOf(headers["origin"]),
      fetchSite: onlyOf(headers["sec-fetch-site"]),
      contentType: onlyOf(headers["content-type"]),
    },
    NAMES.map((name) => `${name}:${port}`).concat(port === HTTP_PORT ? NAMES : []),
  );
  if (admitted.isOk()) return undefined;
  const { code, message, details } = admitted.error;
  return { status: STATUSES[code], code, message, more: { details } };
}

const NAMES = ["127.0.0.1", "localhost"];
/** Clients leave it out of their `Host`. */
const HTTP_PORT = 80;

const STATUSES: Readonly<Record<GuardRefusal["code"], number>> = {
  FORBIDDEN_HOST: 403,
  FORBIDDEN_ORIGIN: 403,
  UNSUPPORTED_MEDIA_TYPE: 415,
};

/** Node joins what comes several times, and none of these may. */
const onlyOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === "object" ? value.join(", ") : value;
