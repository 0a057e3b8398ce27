import { epochMs } from "@open-multi-auth/domain";
import type { Context } from "./context.ts";
import { coloursFor } from "./present/colours.ts";

/** The instant at which everything happens in tests. */
export const NOW = epochMs(Date.UTC(2026, 10, 21, 12));

/** Text without colours. */
export const uncoloured = coloursFor(false, {});

/** A context that keeps what is printed, and the answers it was asked for. */
export function fakeContext(over: Partial<Context> = {}): Context & { printed: string[]; errors: string[] } {
  const printed: string[] = [];
  const errors: string[] = [];
  return {
    env: {},
    cwd: "/",
    user: "ann",
    clock: { now: () => NOW },
    out: { isTerminal: false, print: (text) => void printed.push(text), colours: uncoloured },
    err: { isTerminal: false, print: (text) => void errors.push(text), colours: uncoloured },
    interactive: false,
    ask: async () => false,
    askSecret: async () => "",
    readLines: () => () => {},
    openBrowser: async () => false,
    progress: async (_text, work) => work,
    printed,
    errors,
    ...over,
  };
}
