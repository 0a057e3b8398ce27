import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";

/** What came of all requests. */
export interface Tally {
  served: number;
  /** Called off by the client itself. */
  left: number;
  /** What those got that had a right to an answer. */
  readonly failed: string[];
}

/** Several clients that ask one after the other. */
export interface Clients {
  readonly tally: Tally;
  /** Resolves when so many more requests have ended. */
  ended(count: number): Promise<void>;
  /** Resolves when every request that is under way now has ended. */
  settled(): Promise<void>;
  /** Resolves when all clients have gone. */
  stop(): Promise<void>;
}

/** Where clients ask, and how. */
export interface ClientsOptions {
  readonly url: string;
  readonly key: string;
  readonly random: () => number;
  /** Between two requests of a client, at most. */
  readonly restMs: number;
}

const CLIENTS = 6;
const CONVERSATIONS = 12;
const LEAVES = 0.03;
const LEAVES_WITHIN_MS = 10;
const LARGEST = 100_000;

/** Has clients ask for as long as they are not stopped. */
export function startClients({ url, key, random, restMs }: ClientsOptions): Clients {
  const tally: Tally = { served: 0, left: 0, failed: [] };
  const underWay = new Set<Promise<void>>();
  const waiting = new Set<() => void>();
  let isOver = false;

  async function one(): Promise<void> {
    const leaving =
      random() < LEAVES ? AbortSignal.timeout(Math.ceil(random() * LEAVES_WITHIN_MS)) : undefined;
    const conversation = `conversation-${Math.floor(random() * CONVERSATIONS)}`;
    const text = "x".repeat(Math.floor(random() * LARGEST));
    const how = await ask({ url, key, conversation, text, ...(leaving && { signal: leaving }) });
    if (how === "served") tally.served += 1;
    else if (leaving?.aborted === true) tally.left += 1;
    else tally.failed.push(how);
  }

  async function client(): Promise<void> {
    while (!isOver) {
      const asking = one();
      underWay.add(asking);
      await asking;
      underWay.delete(asking);
      for (const tell of waiting) tell();
      if (restMs > 0) await pause(random() * restMs);
    }
  }

  const clients = Array.from({ length: CLIENTS }, client);
  return {
    tally,
    ended: (count) =>
      new Promise((resolve) => {
        let left = count;
        const tell = (): void => {
          left -= 1;
          if (left > 0) return;
          waiting.delete(tell);
          resolve();
        };
        waiting.add(tell);
      }),
    settled: async () => void (await Promise.all(underWay)),
    async stop() {
      isOver = true;
      await Promise.all(clients);
    },
  };
}

interface Asked {
  readonly url: string;
  readonly key: string;
  readonly conversation: string;
  readonly text: string;
  readonly signal?: AbortSignal;
}

/** `served`, or what came instead. */
async function ask({ url, key, conversation, text, signal }: Asked): Promise<string> {
  try {
    const input = [{ role: "user", content: [{ type: "input_text", text }] }];
    const answer = await fetch(`${url}/v1/responses`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "session-id": conversation,
      },
      body: JSON.stringify({ model: "gpt-5.5", instructions: "", input, store: false, stream: true }),
      ...(signal && { signal }),
    });
    const said = await answer.text();
    if (answer.status === 200 && said.includes("response.completed")) return "served";
    return `${answer.status} ${said.slice(-300)}`;
  } catch (cause) {
    return inspect(cause).slice(0, 300);
  }
}
