import type { Endpoint } from "./behaviour.ts";
import type { Gates } from "./gates.ts";
import type { RequestLog } from "./log.ts";
import { scriptProblem } from "./script.ts";
import type { AccountView, SimVerbs } from "./sim.ts";
import { accountOf, addAccount, expireAccessTokens, type SimAccount, type SimState } from "./state.ts";
import { setUsed, windowsAt } from "./windows.ts";

export interface VerbDeps {
  readonly state: SimState;
  readonly log: RequestLog;
  readonly gates: Gates;
  readonly time: { offsetMs: number };
}

/** The verbs over the simulator's state. They throw on wrong use, such as an unknown alias. */
export function createVerbs({ state, log, gates, time }: VerbDeps): SimVerbs {
  return {
    addAccount: (options) => viewOf(addAccount(state, options), state.now()),
    accounts: () => [...state.accounts.values()].map((account) => viewOf(account, state.now())),
    tokensOf: (alias) => accountOf(state, alias).tokens,
    drain(alias, window, usedPercent = 100) {
      const account = accountOf(state, alias);
      if (!account.profile.windows.includes(window))
        throw new Error(`account ${alias} has no window ${window}`);
      account.windows = setUsed(account.windows, window, usedPercent, state.now());
    },
    expireAccessToken: (alias) => expireAccessTokens(state, accountOf(state, alias)),
    script: (alias, steps, endpoint) => setScript(accountOf(state, alias), endpoint ?? "responses", steps),
    advance(ms) {
      time.offsetMs += ms;
      return state.now();
    },
    now: () => state.now(),
    releaseGate: (name) => gates.release(name),
    log: () => log.entries(),
    clearLog: () => log.clear(),
    setLogMode: (mode) => log.setMode(mode),
    waitForLog: (predicate, timeoutMs = 10_000) => log.waitFor(predicate, timeoutMs),
  };
}

function viewOf(account: SimAccount, now: number): AccountView {
  return { ...account.profile, quota: windowsAt(account.windows, now), tokens: account.tokens };
}

function setScript(
  account: SimAccount,
  endpoint: Endpoint,
  steps: readonly { readonly kind: string }[],
): void {
  const problem = scriptProblem(endpoint, steps);
  if (problem !== null) throw new Error(problem);
  Object.assign(account.scripts, { [endpoint]: steps });
}
