import type { Endpoint, Step } from "./behaviour.ts";
import { withHeaders, type Reply } from "./reply.ts";
import { takeStep } from "./script.ts";
import type { SimAccount } from "./state.ts";

/** A reply with what the log and the socket need to know about it. */
export interface Served {
  readonly reply: Reply;
  readonly behaviour: string | null;
  readonly delayMs: number;
}

/** Takes the account's next step off its script; null means: behave normally. */
export function nextStep<E extends Endpoint>(
  account: SimAccount,
  endpoint: E,
  model: string | null,
): Step<E> | null {
  const scripts: { [K in E]: readonly Step<K>[] } = account.scripts;
  const { step, rest } = takeStep<E>(scripts[endpoint], model);
  scripts[endpoint] = rest;
  return step;
}

/** The reply as the step's modifiers change it. */
export function served(step: Step | null, reply: Reply): Served {
  return {
    reply: withHeaders(reply, step?.headers),
    behaviour: step?.kind ?? null,
    delayMs: step?.delayMs ?? 0,
  };
}
