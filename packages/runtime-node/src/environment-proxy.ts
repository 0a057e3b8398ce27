type Env = Readonly<Record<string, string | undefined>>;

/** What comes of the proxies that an environment names. */
export type ProxyUse =
  /** It names none. */
  | "none"
  | "used"
  /** This Node cannot, or not without `NODE_USE_ENV_PROXY=1`. */
  | "unsupported"
  /** One is no http or https URL. */
  | "invalid";

/** As Node's clients read them; the lower-case names win. */
export interface ProxyVariables {
  readonly http_proxy?: string;
  readonly https_proxy?: string;
  readonly no_proxy: string;
}

/** A proxy elsewhere means another machine by these. */
const THIS_MACHINE = ["127.0.0.1", "localhost", "[::1]", "::1"];

/** Whether requests of this process go through the proxies that the environment names (`HTTPS_PROXY` and the like). */
export function proxyUse(env: Env, node: string = process.versions.node): ProxyUse {
  const { http_proxy: plain, https_proxy: secure } = proxyVariables(env);
  const named = [plain, secure].filter((proxy) => proxy !== undefined);
  if (named.length === 0 || env["NODE_USE_ENV_PROXY"] === "0") return "none";
  if (!named.every(isProxy)) return "invalid";
  const isAsked = env["NODE_USE_ENV_PROXY"] === "1";
  return isSince(node, SETTER) || (isAsked && isSince(node, SWITCH)) ? "used" : "unsupported";
}

/** The variables about proxies, with this machine among what is reached without one. */
export function proxyVariables(env: Env): ProxyVariables {
  const [plain, secure] = [env["http_proxy"] || env["HTTP_PROXY"], env["https_proxy"] || env["HTTPS_PROXY"]];
  const direct = env["no_proxy"] || env["NO_PROXY"];
  return {
    ...(plain && { http_proxy: plain }),
    ...(secure && { https_proxy: secure }),
    no_proxy: [...(direct ? [direct] : []), ...THIS_MACHINE].join(","),
  };
}

/**
 * Has what this process sends by `fetch` go through the proxies that the environment names, where this Node can. Model
 * requests of a pool do so by themselves. To be called once, by a program, before it sends anything.
 */
export function useEnvironmentProxy(env: Env): void {
  if (proxyUse(env) !== "used") return;
  // An import of it would load Node's whole fetch too: half of the time that a short command takes.
  const http = process.getBuiltinModule("node:http");
  const setter = "setGlobalProxyFromEnv" in http ? http.setGlobalProxyFromEnv : undefined;
  if (typeof setter === "function") Reflect.apply(setter, http, [proxyVariables(env)]);
}

function isProxy(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** The minor version from which on each line of Node has something; the last one, and all after it. */
type Since = readonly (readonly [major: number, minor: number])[];

/** A program may set the proxies of its own clients. */
const SETTER: Since = [
  [24, 14],
  [25, 4],
];
/** Node reads them by itself where `NODE_USE_ENV_PROXY=1` says so, for all of its clients. */
const SWITCH: Since = [
  [22, 21],
  [24, 5],
];

function isSince(node: string, since: Since): boolean {
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const newest = since.at(-1)?.[0] ?? 0;
  return major > newest || since.some(([line, from]) => line === major && minor >= from);
}
