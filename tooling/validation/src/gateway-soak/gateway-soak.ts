import { join } from "node:path";
import { freePort } from "@open-multi-auth/e2e";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { linkAll } from "../soak/link.ts";
import { randomOf } from "../soak/plan.ts";
import { startClients, type Tally } from "./clients.ts";
import { ALIASES, injectFaults } from "./faults.ts";
import { startGateway } from "./gateway-process.ts";

/** How a soak of the gateway is run. */
export interface GatewaySoakOptions {
  /** Where the pool is kept; empty. */
  readonly folder: string;
  readonly seed: number;
  /** Whether another round of faults follows. */
  readonly goesOn: (round: number) => boolean;
  /** Between two requests of a client, at most. */
  readonly restMs: number;
  readonly print: (line: string) => void;
}

/** What came of it. */
export interface GatewaySoak extends Tally {
  readonly rounds: number;
  /** Bytes in use after a garbage collection, every so many rounds. */
  readonly heap: readonly number[];
  /** How the gateway failed as a process; undefined when it lived until it was told to end, and never complained. */
  readonly complaint: string | undefined;
}

const REQUESTS_A_ROUND = 12;
const ROUNDS_A_SAMPLE = 5;
/** Accounts that ran out of quota or lost their workspace for hours are linked anew, so that there is always one to do wrong. */
const ROUNDS_A_LINKING = 10;
/** Renewed ahead of their end a few times in half an hour. */
const TOKEN_MS = 5 * 60_000;

/** Has clients ask a gateway of its own process while accounts do wrong at random, in rounds. */
export async function gatewaySoak(options: GatewaySoakOptions): Promise<GatewaySoak> {
  const { folder, seed, print } = options;
  const random = randomOf(seed);
  const endless = { fiveHour: 0, weekly: 0 };
  const accounts = ALIASES.map((alias) => ({
    alias,
    percentPerRequest: endless,
    accessTokenTtlMs: TOKEN_MS,
  }));
  const sim = await startUpstreamSim({ accounts, logMode: "light" });
  const env = environmentOf(folder, sim);
  await linkAll(sim, env, Date.now());
  const gateway = await startGateway(env, await freePort());
  const clients = startClients({ ...gateway, random: randomOf(seed + 1), restMs: options.restMs });
  const heap: number[] = [];
  let round = 0;
  for (; options.goesOn(round); round += 1) {
    const endFaults = injectFaults(sim, random);
    await clients.ended(REQUESTS_A_ROUND);
    endFaults();
    // No request meets the faults of two rounds.
    await clients.settled();
    if (round % ROUNDS_A_LINKING === ROUNDS_A_LINKING - 1) await linkAll(sim, env, Date.now(), "anew");
    if (round % ROUNDS_A_SAMPLE !== ROUNDS_A_SAMPLE - 1) continue;
    const used = await gateway.heapUsed();
    if (used === undefined) break;
    heap.push(used);
    const { served, left, failed } = clients.tally;
    print(
      `round ${round + 1}: ${served} served, ${left} left, ${failed.length} failed, ${megabytes(used)} MB in use`,
    );
  }
  await clients.stop();
  const complaint = await gateway.end();
  await sim.close();
  return { ...clients.tally, rounds: round, heap, complaint };
}

/** What keeps a soak from being a good one. */
export function violationsOf({ served, failed, heap, complaint }: GatewaySoak): string[] {
  const violations = complaint === undefined ? [] : [complaint];
  const rate = served / (served + failed.length);
  if (!(rate >= LEAST_SERVED))
    violations.push(
      `${failed.length} of ${served + failed.length} were not served: ${failed.slice(-3).join("; ")}`,
    );
  // The first quarter is for what any process gathers as it begins to work.
  const settled = heap.slice(Math.ceil(heap.length / 4));
  const half = Math.floor(settled.length / 2);
  const grown = Math.min(...settled.slice(-half)) - Math.min(...settled.slice(0, half));
  if (!(grown <= MOST_GROWN)) violations.push(`the heap grew by ${megabytes(grown)} MB`);
  return violations;
}

const LEAST_SERVED = 0.999;
const MOST_GROWN = 5_000_000;

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const environmentOf = (folder: string, sim: UpstreamSim): Record<string, string> => ({
  HOME: folder,
  OPENCODE_MULTI_AUTH_STORE_DIR: join(folder, "pool"),
  OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
  OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
});
