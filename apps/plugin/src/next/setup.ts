import { parseRuntimeSettings, redact } from "@open-multi-auth/domain";
import { systemClock, systemTimers, watchNotices } from "@open-multi-auth/runtime-node";
import type { Announcer } from "../announcer.ts";
import { poolHost, releaseHost, type Host } from "../host.ts";
import { poolFetch } from "../pool-fetch.ts";
import type { NextContext, SessionHook } from "./context.ts";
import { followInterruptions } from "./interruptions.ts";
import { usesOwnKey } from "./own-key.ts";
import { PROVIDER, shapeProvider } from "./provider.ts";
import { createRequests, type Requests } from "./requests.ts";

/**
 * The plugin for OpenCode's 2.x line, called once per project: hooks put the pool behind the `openai` provider. Never throws,
 * and does nothing in a host without these hooks, as in 1.x, which calls it too.
 *
 * @returns lets go of everything, for when the host unloads the plugin
 */
export async function setup(context: NextContext): Promise<(() => Promise<void>) | undefined> {
  try {
    return typeof context.session?.hook === "function" ? await join(context) : undefined;
  } catch (thrown) {
    tell(`The plugin could not start (${String(thrown)}). Run: oma doctor`);
    return undefined;
  }
}

async function join(context: NextContext): Promise<(() => Promise<void>) | undefined> {
  const { settings, issues } = parseRuntimeSettings(context.options);
  for (const { field, constraint } of issues)
    tell(`The plugin option "${field}" is not used: it ${constraint}.`);
  // What goes wrong in the background is kept by the pool itself: `oma logs`.
  const opened = await poolHost(settings, process.env, () => {});
  if (opened.isErr()) {
    tell(`The account pool cannot be used (${opened.error.code}). Run: oma doctor`);
    return undefined;
  }
  const host = opened.value;
  const { store } = host.pool;
  let hasOwnKey = await usesOwnKey(context);
  const hasAccounts = (): boolean => Object.keys(store.state().accounts).length > 0;
  const requests = createRequests({
    fetch: (request, init, refused) => poolFetch(host, SILENT, refused)(request, init),
    clock: systemClock,
    timers: systemTimers,
    async isInUse() {
      hasOwnKey = await usesOwnKey(context);
      return hasAccounts() && !hasOwnKey;
    },
  });
  await register(context, requests);
  await shapeProvider(context, () => hasAccounts() && !hasOwnKey);
  const endFollowing = followInterruptions(context, requests.interrupt);
  const unsubscribe = onChange(store, hasAccounts, () => void reload(context));
  // By the desktop or elsewhere, if the person chose so.
  const endNotices = watchNotices(host.pool);
  return async () => {
    await endNotices();
    endFollowing();
    unsubscribe();
    await releaseHost(settings);
  };
}

const SCOPE = { providerID: PROVIDER };

async function register({ session }: NextContext, requests: Requests): Promise<void> {
  // Called on its object: a host may need its `this`.
  const hook: SessionHook = async (name, callback, options) => session?.hook?.(name, callback, options);
  await hook("http.request", requests.onRequest, SCOPE);
  await hook("http.response", requests.onResponse, SCOPE);
  await hook("retry", requests.onRetry, SCOPE);
  await hook("experimental.ws.handshake", requests.onHandshake, SCOPE);
  // The upstream refuses a bound of its answer.
  for (const name of ["context", "compaction"] as const)
    await hook(name, ({ options }) => void delete options.maxTokens, SCOPE);
}

/** Runs it when there are accounts for the first time, or none any more. */
function onChange(
  store: Pick<Host["pool"]["store"], "subscribe">,
  has: () => boolean,
  run: () => void,
): () => void {
  let had = has();
  return store.subscribe(() => {
    if (has() === had) return;
    had = !had;
    run();
  });
}

async function reload({ provider }: NextContext): Promise<void> {
  try {
    await provider?.reload?.();
  } catch {
    // The host shuts down, or has no such thing: the provider stays as it is until the next start.
  }
}

/** There is no screen to speak to: a refusal is read where the answer would stand, all else in `oma logs`. */
const SILENT: Announcer = { toast: () => {}, log: () => {} };

/** In the output of OpenCode's server, which the person's terminal does not show. */
function tell(message: string): void {
  console.warn(`open-multi-auth: ${redact(message)}`);
}
