import { err, ok, type Result } from "neverthrow";
import { failure, type Failure } from "./failure.ts";

/** What a server on loopback looks at before it looks at anything else of a request. */
export interface GuardedRequest {
  readonly method: string;
  /** The `Host` header; several of them count as none. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`: browsers say by it where a request comes from. */
  readonly fetchSite: string | undefined;
  readonly contentType: string | undefined;
}

/** Why a request is refused unseen; nothing of it was done. */
export type GuardRefusal =
  /** It was sent to another name than the server's: a page had a name of its own point to this machine. */
  | Failure<"FORBIDDEN_HOST", { fix: string }>
  /** A page of another origin sent it, or another site. */
  | Failure<"FORBIDDEN_ORIGIN", { fix: string }>
  /** A change that is no JSON: a page could send it anywhere without being asked. */
  | Failure<"UNSUPPORTED_MEDIA_TYPE", { fix: string }>;

/**
 * Decides whether a request to a loopback server is one of its own clients': sent to its own name and port, by a page of
 * its own or by no page at all, and as JSON where it changes something.
 *
 * @param hosts names that the server answers to, with their port, as `127.0.0.1:3434`
 */
export function guardRequest(request: GuardedRequest, hosts: readonly string[]): Result<void, GuardRefusal> {
  const { method, origin, fetchSite, contentType } = request;
  const host = request.host?.toLowerCase();
  const [own = ""] = hosts;
  if (host === undefined || !hosts.includes(host)) {
    const fix = `use http://${own}`;
    return err(failure("FORBIDDEN_HOST", "this server answers to its own address only", { fix }));
  }
  const foreign =
    (origin !== undefined && origin !== `http://${host}`) ||
    (fetchSite !== undefined && !OWN_SITES.has(fetchSite));
  if (foreign) {
    const fix = `open http://${own} itself`;
    return err(failure("FORBIDDEN_ORIGIN", "another site may not use this server", { fix }));
  }
  if (!READING.has(method) && !isJson(contentType)) {
    const fix = "send `Content-Type: application/json`";
    return err(failure("UNSUPPORTED_MEDIA_TYPE", "a change is sent as JSON", { fix }));
  }
  return ok();
}

/** `none`: the person typed the address, or opened it from another program. */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);
const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const isJson = (contentType: string | undefined): boolean =>
  contentType?.split(";")[0]?.trim().toLowerCase() === "application/json";
