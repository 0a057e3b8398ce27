import type { Step, UpstreamSim } from "@open-multi-auth/upstream-sim";

/** Accounts of the soak. The last never does wrong, so that some account could always serve. */
export const ALIASES = ["work", "home", "club", "lab", "spare"] as const;

/** A request may meet three in passing. */
const FAULTY_AT_ONCE = 2;

/** What an account may do wrong before anything was said; what comes after is told to the client, who asks again. */
const FAULTS: readonly Step<"responses">[] = [
  { kind: "server-error" },
  { kind: "overload" },
  { kind: "reset" },
  { kind: "html" },
  { kind: "burst" },
  { kind: "redirect", location: "http://127.0.0.1:9/" },
  { kind: "cut-stream", afterEvents: 2 },
  { kind: "stream-error", code: "server_is_overloaded", shape: "error" },
  { kind: "usage-limit", resetsInSeconds: 2 },
  { kind: "stream-error", code: "usage_limit_reached" },
  { kind: "deactivated-workspace" },
];

/** Has some accounts do wrong from now on, and an access token end before its time now and then. Ended by what it returns. */
export function injectFaults(sim: UpstreamSim, random: () => number): () => void {
  const faulty = ALIASES.slice(0, -1)
    .map((alias) => ({ alias, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .slice(0, FAULTY_AT_ONCE)
    .map(({ alias }) => alias);
  for (const alias of faulty) {
    const fault = FAULTS[Math.floor(random() * FAULTS.length)];
    if (fault !== undefined) sim.script(alias, [{ ...fault, times: 1 + Math.floor(random() * 3) }]);
  }
  if (random() < 0.2) sim.expireAccessToken(faulty[0] ?? ALIASES[0]);
  return () => {
    for (const alias of faulty) sim.script(alias, []);
  };
}
