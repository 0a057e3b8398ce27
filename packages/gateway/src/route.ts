/** What a request asks the gateway for. */
export type Route =
  /** A model request; `path` is what hangs under the upstream's own address. */
  | { readonly kind: "responses"; readonly path: string }
  | { readonly kind: "models"; readonly id?: string }
  | { readonly kind: "usage" }
  | { readonly kind: "health" };

const RESPONSES = /^\/(?:v1|backend-api\/codex)(\/responses(?:\/[A-Za-z0-9_-]+)*)$/;
const MODELS = /^\/(?:v1|backend-api\/codex)\/models(?:\/([A-Za-z0-9._-]+))?$/;
const USAGE: ReadonlySet<string> = new Set(["/backend-api/wham/usage", "/wham/usage", "/api/codex/usage"]);

/**
 * Tells what a request asks for.
 *
 * @param target path and query as they were sent
 * @returns undefined for what the gateway does not have
 */
export function routeOf(method: string, target: string): Route | undefined {
  const end = target.indexOf("?");
  const path = end === -1 ? target : target.slice(0, end);
  const query = end === -1 ? "" : target.slice(end);
  const responses = RESPONSES.exec(path)?.[1];
  if (responses !== undefined)
    return method === "POST" ? { kind: "responses", path: responses + query } : undefined;
  if (method !== "GET") return undefined;
  if (path === "/api/health") return { kind: "health" };
  if (USAGE.has(path)) return { kind: "usage" };
  const models = MODELS.exec(path);
  if (models === null) return undefined;
  return { kind: "models", ...(models[1] !== undefined && { id: models[1] }) };
}
