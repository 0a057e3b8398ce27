import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccountOptions } from "./account.ts";
import type { Endpoint, Place, Step } from "./behaviour.ts";
import { filterLog, type LogFilter, type LogMode, type Outcome } from "./log.ts";
import { fieldsOf, type Fields } from "./request.ts";
import type { SimVerbs } from "./verbs.ts";
import type { WindowName } from "./windows.ts";

/** Serves `/sim/…`: the verbs as routes, JSON in and out; wrong use is 400 with the reason. */
export async function handleControl(
  req: IncomingMessage,
  res: ServerResponse,
  verbs: SimVerbs,
): Promise<void> {
  try {
    const url = new URL(req.url ?? "/", "http://127.0.0.1");
    const body = fieldsOf(await readJson(req));
    send(res, 200, (await route(`${req.method} ${url.pathname}`, url.searchParams, body, verbs)) ?? {});
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send(res, 400, { error: { code: "SIM_REQUEST_REFUSED", message } });
  }
}

type Action = (verbs: SimVerbs, body: Fields, name: string, name2: string) => unknown;

// Bodies are typed by the client of this package; the verbs check what they are given.
const actions: readonly (readonly [RegExp, Action])[] = [
  [/^GET \/sim\/accounts$/, (verbs) => verbs.accounts()],
  [/^POST \/sim\/accounts$/, (verbs, body) => verbs.addAccount(body as unknown as AccountOptions)],
  [/^GET \/sim\/accounts\/([^/]+)\/tokens$/, (verbs, _, alias) => verbs.tokensOf(alias)],
  [
    /^PUT \/sim\/accounts\/([^/]+)\/scripts\/([^/]+)$/,
    (verbs, body, alias, endpoint) =>
      verbs.script(alias, body["steps"] as readonly Step[], endpoint as Endpoint),
  ],
  [
    /^POST \/sim\/accounts\/([^/]+)\/drain$/,
    (verbs, body, alias) =>
      verbs.drain(alias, body["window"] as WindowName, body["usedPercent"] as number | undefined),
  ],
  [
    /^POST \/sim\/accounts\/([^/]+)\/expire-access-token$/,
    (verbs, _, alias) => verbs.expireAccessToken(alias),
  ],
  [/^GET \/sim\/clock$/, (verbs) => ({ now: verbs.now() })],
  [/^POST \/sim\/clock$/, (verbs, body) => ({ now: verbs.advance(body["advanceMs"] as number) })],
  [/^POST \/sim\/gates\/([^/]+)\/release$/, (verbs, _, name) => verbs.releaseGate(name)],
  [/^DELETE \/sim\/log$/, (verbs) => verbs.clearLog()],
  [/^PUT \/sim\/log\/mode$/, (verbs, body) => verbs.setLogMode(body["mode"] as LogMode)],
];

async function route(
  target: string,
  query: URLSearchParams,
  body: Fields,
  verbs: SimVerbs,
): Promise<unknown> {
  if (target === "GET /sim/log") return readLog(query, verbs);
  for (const [pattern, act] of actions) {
    const match = pattern.exec(target);
    if (match === null) continue;
    return act(verbs, body, decodeURIComponent(match[1] ?? ""), decodeURIComponent(match[2] ?? ""));
  }
  throw new Error(`no route ${target}`);
}

/** Answers at once, or with `atLeast` as soon as that many entries match. */
async function readLog(query: URLSearchParams, verbs: SimVerbs): Promise<unknown> {
  const filter = filterOf(query);
  const atLeast = Number(query.get("atLeast") ?? 0);
  const timeoutMs = Number(query.get("timeoutMs") ?? 10_000);
  const entries = await verbs.waitForLog((all) => filterLog(all, filter).length >= atLeast, timeoutMs);
  return filterLog(entries, filter);
}

function filterOf(query: URLSearchParams): LogFilter {
  const status = query.get("status");
  return {
    ...given("endpoint", query.get("endpoint") as Place | "unknown" | null),
    ...given("alias", query.get("alias")),
    ...given("status", status === null ? null : Number(status)),
    ...given("outcome", query.get("outcome") as Outcome | null),
  };
}

function given<K extends string, V>(name: K, value: V | null): { [P in K]?: V } {
  return value === null ? {} : ({ [name]: value } as { [P in K]: V });
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify(body));
}
