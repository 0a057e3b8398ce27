import type { FailureView } from "./contract.ts";

/** What came of a call: never an exception. `status` 0: the server was not reached. */
export type ApiResult<Value> =
  | { readonly ok: true; readonly status: number; readonly value: Value }
  | { readonly ok: false; readonly status: number; readonly error: FailureView };

interface ApiInput {
  /** The names in the path, unencoded. */
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Calls one route: `call("PUT /api/accounts/:alias/enabled", { params: { alias }, body: { enabled: false } })`. */
export type ApiCall = <Value>(route: string, input?: ApiInput) => Promise<ApiResult<Value>>;

/** A client of the API of the server that sent this page. */
export function createApiClient(fetch: typeof globalThis.fetch): ApiCall {
  return async (route, { params = {}, body = {} } = {}) => {
    const [method = "GET", path = ""] = route.split(" ");
    const isRead = method === "GET";
    try {
      const answer = await fetch(filled(path, params), {
        method,
        headers: { "x-open-multi-auth": "1", ...(!isRead && { "content-type": "application/json" }) },
        ...(!isRead && { body: JSON.stringify(body) }),
      });
      const { status } = answer;
      // The server that sent this page validates by the schemas of these types.
      if (answer.ok) return { ok: true, status, value: await answer.json() };
      const refused: { readonly error: FailureView } = await answer.json();
      return { ok: false, status, error: refused.error };
    } catch {
      return { ok: false, status: 0, error: { code: "UNREACHABLE", message: "The server does not answer." } };
    }
  };
}

const filled = (path: string, params: Readonly<Record<string, string>>): string =>
  Object.entries(params).reduce(
    (text, [name, value]) => text.replace(`:${name}`, encodeURIComponent(value)),
    path,
  );
