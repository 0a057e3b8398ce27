import { requestsFrom } from "../../client/request.ts";
import { createWays, type Ways } from "../../client/ways.ts";
import type { Subject } from "../subject.ts";
import type { Upstream } from "./closed-network.ts";
import type { Job, Outcomes } from "./task.ts";

type Of<Kind extends Job["kind"]> = Extract<Job, { kind: Kind }>;

/** Pairs of requests, one straight to the upstream and one through the plugin, in turn. */
export async function latency(
  subject: Subject,
  { signedIn, logins, warmUp, pairs }: Of<"latency">,
  { backendUrl }: Upstream,
): Promise<Outcomes["latency"]> {
  const opened = await subject.openFetch(signedIn);
  const fetch: typeof globalThis.fetch = Object.assign(
    (_: unknown, init?: RequestInit) => opened.fetch(opened.url, init),
    { preconnect: () => undefined },
  );
  const task = { bundle: "", upstreamUrl: backendUrl, logins };
  const ways = createWays(task, { fetch, flush: async () => undefined });
  const times: Record<keyof Ways, number[]> = { direct: [], pool: [] };
  for (const [pair, request] of requestsFrom(0, warmUp + pairs).entries()) {
    for (const way of pair % 2 === 0 ? (["direct", "pool"] as const) : (["pool", "direct"] as const)) {
      const { wholeMs } = await ways[way](request);
      if (pair >= warmUp) times[way].push(wholeMs);
    }
  }
  return times;
}

/** So many changes, one after the other, as soon as everybody is ready. */
export async function updates(
  subject: Subject,
  { alias, count }: Of<"updates">,
  start: () => Promise<void>,
): Promise<Outcomes["updates"]> {
  const openedAt = performance.now();
  await subject.read();
  const readMs = performance.now() - openedAt;
  await start();
  const startedAt = performance.now();
  let refused = 0;
  for (let update = 0; update < count; update += 1) {
    try {
      await subject.countUp(alias);
    } catch {
      refused += 1;
    }
  }
  return { refused, tookMs: readMs + performance.now() - startedAt };
}

/** Changes without end; tells of each that was acknowledged. */
export async function write(
  subject: Subject,
  alias: string,
  tell: (message: unknown) => void,
): Promise<null> {
  for (let acknowledged = 1; ; acknowledged += 1) {
    await subject.countUp(alias);
    tell(acknowledged);
  }
}

/** Requests at the same time, as soon as everybody is ready. */
export async function ask(
  subject: Subject,
  { signedIn, requests }: Of<"ask">,
  start: () => Promise<void>,
): Promise<Outcomes["ask"]> {
  const { fetch, url } = await subject.openFetch(signedIn);
  await start();
  const statuses = await Promise.all(
    requestsFrom(0, requests).map(async (init) => {
      try {
        const response = await fetch(url, init);
        await response.text();
        return response.status;
      } catch {
        return 0;
      }
    }),
  );
  return { statuses };
}
