import type { ApiContract } from "./contract.ts";
import type { FailureView } from "./schemas/failure.ts";

export type { AccountView, ForceView, SettingsView } from "@open-multi-auth/domain";
export type { ApiContract } from "./contract.ts";
export type { AccountDetail, AccountPatch } from "./schemas/account.ts";
export type { AntigravityReading } from "./schemas/antigravity.ts";
export type { Imported } from "./schemas/backup.ts";
export type { DecisionCandidate, DecisionView } from "./schemas/decision.ts";
export type { DoctorReport } from "./schemas/doctor.ts";
export type { ApiEvent } from "./schemas/events.ts";
export type { FailureView } from "./schemas/failure.ts";
export type { ProbeProgress, TokensRefreshed } from "./schemas/limits.ts";
export type { LinkStarted, LinkView } from "./schemas/link.ts";
export type { FoundLogin } from "./schemas/logins.ts";
export type { SettingsAnswer } from "./schemas/settings.ts";
export type { Counters, ProblemView, RunwayView, StateView } from "./schemas/state.ts";
export { watchEvents, type Watching } from "./watch-events.ts";

/** Routes by `"<METHOD> <path>"`. */
export type ApiRoute = keyof ApiContract;

/** What came of a call: never an exception. `status` 0: the server was not reached. */
export type ApiResult<T> =
  | { readonly ok: true; readonly status: number; readonly value: T; readonly etag: string | null }
  | { readonly ok: false; readonly status: number; readonly error: FailureView };

/** What a route takes; parts that it does not have are left out. */
export interface ApiInput<R extends ApiRoute> {
  /** The names in the path, unencoded. */
  readonly params?: ApiContract[R]["params"];
  readonly query?: ApiContract[R]["query"];
  readonly body?: ApiContract[R]["body"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What a client is made of. */
export interface ApiClientOptions {
  /** Where the server is. Default: where the page came from. */
  readonly baseUrl?: string;
  /** For tools; a page has its cookie. */
  readonly token?: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** Calls one route: `call("PUT /api/accounts/:alias/enabled", { params: { alias }, body: { enabled: false } })`. */
export type ApiCall = <R extends ApiRoute>(
  route: R,
  input?: ApiInput<R>,
) => Promise<ApiResult<ApiContract[R]["answer"]>>;

/** A client of the API, for pages and tools alike. An answer that is no JSON is given as its text. */
export function createApiClient({
  baseUrl = "",
  token,
  fetch = globalThis.fetch,
}: ApiClientOptions = {}): ApiCall {
  const own = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return async (route, { params, query, body, headers, signal } = {}) => {
    const [method = "GET", path = ""] = route.split(" ");
    const changes = method !== "GET";
    const init: RequestInit = {
      method,
      headers: {
        accept: "application/json",
        // It shows that no form and no link of another page asks.
        "x-open-multi-auth": "1",
        ...(changes && { "content-type": "application/json" }),
        ...own,
        ...headers,
      },
      ...(changes && { body: JSON.stringify(body ?? {}) }),
      ...(signal && { signal }),
    };
    try {
      const answer = await fetch(baseUrl + filled(path, params) + searchOf(query), init);
      return await resultOf(answer);
    } catch {
      return { ok: false, status: 0, error: { code: "UNREACHABLE", message: "the server does not answer" } };
    }
  };
}

const filled = (path: string, params: unknown): string =>
  Object.entries(params ?? {}).reduce(
    (text, [name, value]) => text.replace(`:${name}`, encodeURIComponent(String(value))),
    path,
  );

function searchOf(query: unknown): string {
  const entries = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return entries.length === 0 ? "" : `?${new URLSearchParams(Object.fromEntries(entries)).toString()}`;
}

async function resultOf<T>(answer: Response): Promise<ApiResult<T>> {
  const { status } = answer;
  const text = await answer.text();
  const value =
    answer.headers.get("content-type")?.includes("json") === true && text !== "" ? JSON.parse(text) : text;
  if (answer.ok || status === 304) return { ok: true, status, value, etag: answer.headers.get("etag") };
  const error = value?.error ?? { code: "ANSWER_INVALID", message: `the server answered ${status}` };
  return { ok: false, status, error };
}
