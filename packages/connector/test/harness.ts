import { startUpstreamSim, type StartOptions, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { onTestFinished } from "vitest";
import { createKit, type Kit, type KitOptions } from "./kit.ts";
import type { Login } from "./memory-pool.ts";

/** A simulator with these accounts, and a connector over them. */
export interface Stage extends Kit {
  readonly sim: UpstreamSim;
  /** The accounts that the upstream was asked with, in order, with the status of each answer. */
  readonly asked: () => readonly string[];
  /** Moves the simulator's clock and ours. */
  readonly advance: (ms: number) => void;
}

export async function stage(
  aliases: readonly string[],
  options: Partial<KitOptions> & { readonly sim?: StartOptions } = {},
): Promise<Stage> {
  const accounts = aliases.map((alias) => ({ alias }));
  const sim = await startUpstreamSim({ accounts, ...options.sim });
  onTestFinished(() => sim.close());
  const { backendUrl, issuerUrl } = sim;
  const kit = createKit({ backendUrl, issuerUrl, logins: loginsOf(sim), ...options });
  return {
    ...kit,
    sim,
    asked: () =>
      sim
        .log()
        .filter((entry) => entry.endpoint === "responses")
        .map((entry) => `${entry.alias} ${entry.status}`),
    advance(ms) {
      sim.advance(ms);
      kit.clock.offsetMs += ms;
    },
  };
}

export function loginsOf(sim: UpstreamSim): readonly Login[] {
  return sim.accounts().map(({ alias, accountId, tokens }) => ({ alias, accountId, ...tokens }));
}

/** The whole answer: its status, its events' types and its visible text. */
export async function read(
  response: Response,
): Promise<{ status: number; types: readonly string[]; text: string }> {
  const events = (await response.text())
    .split("\n\n")
    .filter((block) => block !== "")
    .map(parseEvent);
  const text = events.map((event) => (event.type.endsWith("text.delta") ? event.delta : "")).join("");
  return { status: response.status, types: events.map((event) => event.type), text };
}

interface SentEvent {
  readonly type: string;
  readonly delta?: string;
}

function parseEvent(block: string): SentEvent {
  const event: SentEvent = JSON.parse(block.slice(block.indexOf("data: ") + 6));
  return event;
}

/** Reads on until the text so far contains `needle`. */
export async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  needle: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes(needle)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended without ${needle}: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}
