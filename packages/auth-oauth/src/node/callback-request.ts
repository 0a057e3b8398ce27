/** What is known of a request to the callback listener before anything is read of it. */
export interface CallbackRequest {
  readonly method: string;
  /** As sent: the path with its query. */
  readonly url: string;
  readonly host: string | undefined;
  /** The address of whoever sent it. */
  readonly peer: string | undefined;
}

/** How a callback went; each has a page of its own. */
export type CallbackOutcome = "linked" | "denied" | "refused" | "replayed" | "failed";

/** What is done with a request. */
export type CallbackDecision =
  | { readonly kind: "callback"; readonly parameters: URLSearchParams }
  | { readonly kind: "page"; readonly outcome: CallbackOutcome }
  | { readonly kind: "refuse"; readonly status: 403 | 404 | 405 | 414 };

export const CALLBACK_PATH = "/auth/callback";
const OUTCOMES: readonly CallbackOutcome[] = ["linked", "denied", "refused", "replayed", "failed"];
const MAX_URL = 8192;

/** The page of an outcome. Its address holds nothing that the callback's address held. */
export const pagePath = (outcome: CallbackOutcome): string => `/auth/${outcome}`;

/**
 * Decides on a request: only this machine may answer a sign-in, and only under a name of this machine (a page from
 * elsewhere can make a browser ask us under its own).
 *
 * @param port the port that we listen on
 */
export function decideCallback({ method, url, host, peer }: CallbackRequest, port: number): CallbackDecision {
  if (!isLoopback(peer)) return refuse(403);
  if (![`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`].includes(host?.toLowerCase() ?? "")) {
    return refuse(403);
  }
  if (method !== "GET") return refuse(405);
  if (url.length > MAX_URL) return refuse(414);
  const [path = "", query = ""] = url.split("?", 2);
  if (path === CALLBACK_PATH) return { kind: "callback", parameters: new URLSearchParams(query) };
  const outcome = OUTCOMES.find((candidate) => pagePath(candidate) === path);
  return outcome === undefined ? refuse(404) : { kind: "page", outcome };
}

/** 127.0.0.0/8 and ::1, also where IPv4 comes in IPv6 clothes. */
function isLoopback(peer: string | undefined): boolean {
  return peer !== undefined && (peer === "::1" || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(peer));
}

const refuse = (status: 403 | 404 | 405 | 414): CallbackDecision => ({ kind: "refuse", status });
