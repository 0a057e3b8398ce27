/** How much of everything is measured; the page tells it. */
export const LATENCY = {
  processes: 5,
  /** With the pairs below the 500 requests after which a limiter in oc-codex-multi-auth slows ten accounts down. */
  warmUp: 100,
  pairs: 300,
} as const;
export const UPDATES = { processes: 8, each: 50 } as const;
export const KILLS = { times: 20, latestMs: 40 } as const;
export const REFRESH = { rounds: 5, processes: 6, requests: 2 } as const;
