import { exchange, type Timing } from "./exchange.ts";
import type { PluginFetch } from "./plugin-fetch.ts";
import type { OpenCodeRequest } from "./request.ts";
import type { ClientTask } from "./task.ts";

/** The two ways that are compared. */
export interface Ways {
  direct(request: OpenCodeRequest): Promise<Timing>;
  pool(request: OpenCodeRequest): Promise<Timing>;
}

/**
 * The same request by the runtime's own fetch straight to the upstream, and by the plugin's fetch.
 *
 * Both have the same body, an abort signal as OpenCode gives one, and what the runtime keeps alive: they share its
 * connections.
 */
export function createWays({ upstreamUrl, logins }: ClientTask, plugin: PluginFetch): Ways {
  let turn = 0;
  return {
    direct({ headers, ...request }) {
      const login = logins[turn % logins.length];
      turn += 1;
      if (login === undefined) throw new Error("no login to ask with");
      const init = {
        ...request,
        headers: {
          ...headers,
          authorization: `Bearer ${login.accessToken}`,
          "chatgpt-account-id": login.accountId,
        },
      };
      const url = `${upstreamUrl}/codex/responses`;
      return exchange(() => fetch(url, init));
    },
    pool(init) {
      return exchange(() => plugin.fetch("https://api.openai.com/v1/responses", init));
    },
  };
}
