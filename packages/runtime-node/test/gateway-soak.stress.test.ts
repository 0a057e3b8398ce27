import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { epochMs } from "@open-multi-auth/domain";
import type { Step } from "@open-multi-auth/upstream-sim";
import { describe, expect, it } from "vitest";
import { gatewayKeys, openGateway, type Gateway } from "../src/gateway.ts";
import { createRig, ENDLESS, type Rig } from "./rig.ts";

/** Half an hour of the pool's and the upstream's clock. */
const LENGTH_MS = 30 * 60_000;
const SPEED = 120;
const WORKERS = 6;
const CONVERSATIONS = 12;
/** A request may meet three in passing. */
const FAULTY_AT_ONCE = 2;
/** Between faults requests under way come to their end, so that none meets those of two turns. */
const PAUSE_MS = 60;
/** The last never does wrong, so that some account could always serve. */
const ALIASES = ["work", "home", "club", "lab", "spare"];

describe("the gateway over half an hour of random faults", () => {
  it("GWY-06: serves 99.9 % of what some account could serve, leaks nothing, and leaves no rejection behind", async () => {
    const startedAt = Date.now();
    const clock = { now: () => epochMs(startedAt + (Date.now() - startedAt) * SPEED) };
    const accounts = ALIASES.map((alias) => ({
      alias,
      percentPerRequest: ENDLESS,
      accessTokenTtlMs: 10 * 60_000,
    }));
    await using rig = await createRig(accounts, {}, undefined, { clock, logMode: "light" });
    const key = (await gatewayKeys(rig.pool, { via: "cli" }).create("soak"))._unsafeUnwrap();
    const gateway = (await openGateway(rig.pool, { port: 0, version: "1" }))._unsafeUnwrap();
    const draw = generator(20_261_121);
    const isOver = (): boolean => clock.now() - startedAt >= LENGTH_MS;
    const tally: Tally = { served: 0, aborted: 0, failed: [] };
    const heap: number[] = [];

    const faults = injectFaults(rig, draw, isOver);
    const workers = Array.from({ length: WORKERS }, () => work({ gateway, key, draw, isOver, tally, heap }));
    await Promise.all([...workers, faults]);
    await gateway.close();

    expect(tally.served).toBeGreaterThan(500);
    const rate = tally.served / (tally.served + tally.failed.length);
    expect({ isGood: rate >= 0.999, failed: tally.failed.slice(-3) }).toMatchObject({ isGood: true });
    const [early = 0] = heap;
    expect((heap.at(-1) ?? 0) - early).toBeLessThan(30_000_000);
    // The simulator listens on.
    await expect.poll(listeners).toHaveLength(1);
    expect(rig.problems).toEqual([]);
  });
});

const listeners = () => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap");

interface Tally {
  served: number;
  aborted: number;
  readonly failed: string[];
}

interface Work {
  readonly gateway: Gateway;
  readonly key: string;
  readonly draw: () => number;
  readonly isOver: () => boolean;
  readonly tally: Tally;
  readonly heap: number[];
}

async function work({ gateway, key, draw, isOver, tally, heap }: Work): Promise<void> {
  while (!isOver()) {
    const leaving = new AbortController();
    const leaves = draw() < 0.03;
    if (leaves) void setTimeout(draw() * 10).then(() => leaving.abort());
    const conversation = `conversation-${Math.floor(draw() * CONVERSATIONS)}`;
    const how = await ask(gateway, key, conversation, leaving.signal);
    if (how === "served") tally.served += 1;
    else if (leaving.signal.aborted) tally.aborted += 1;
    else tally.failed.push(how);
    if ((tally.served + 1) % 250 === 0) heap.push(heapUsed());
  }
}

async function ask(
  { url }: Gateway,
  key: string,
  conversation: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const answer = await fetch(`${url}/v1/responses`, {
      method: "POST",
      signal,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "session-id": conversation,
      },
      body: JSON.stringify({ model: "gpt-5.5", instructions: "", input: [], store: false, stream: true }),
    });
    const text = await answer.text();
    if (answer.status === 200 && text.includes("response.completed")) return "served";
    return `${answer.status} ${text.slice(-300)}`;
  } catch (cause) {
    return String(cause);
  }
}

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
  { kind: "usage-limit", resetsInSeconds: 120 },
  { kind: "stream-error", code: "usage_limit_reached" },
  { kind: "deactivated-workspace" },
];

async function injectFaults(rig: Rig, draw: () => number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const faulty = ALIASES.slice(0, -1)
      .toSorted(() => draw() - 0.5)
      .slice(0, FAULTY_AT_ONCE);
    for (const alias of faulty) {
      const fault = FAULTS[Math.floor(draw() * FAULTS.length)];
      if (fault !== undefined) rig.sim.script(alias, [{ ...fault, times: 1 + Math.floor(draw() * 3) }]);
    }
    if (draw() < 0.2) rig.sim.expireAccessToken(faulty[0] ?? "work");
    await setTimeout(20 + draw() * 100);
    for (const alias of faulty) rig.sim.script(alias, []);
    await setTimeout(PAUSE_MS);
  }
}

/** The same faults in every run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}
