import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { freePort } from "@open-multi-auth/e2e";

import { ask, type Target, type Timing } from "./gateway/ask.ts";
import { bodyOf } from "./gateway/body.ts";
import type { Told } from "./gateway/server.ts";
import { finish, type ClientTask } from "./task.ts";

/** How much there is to measure. */
export interface GatewayTask extends ClientTask {
  /** The built command line. */
  readonly cli: string;
  readonly bodyBytes: number;
  /** Requests under way at a time. */
  readonly atOnce: number;
  readonly blocks: number;
  readonly warmUpBlocks: number;
  /** Requests of each way in a block. */
  readonly requests: number;
}

/** The ways that are compared, in one block after the other. */
export type Way = "direct" | "pipe" | "gateway";

/** Outcome of this client: samples of each way, by block. */
export type GatewaySamples = Readonly<
  Record<Way, readonly { readonly firstByteMs: readonly number[]; readonly cpu: number }[]>
> & { readonly rssMb: number; readonly delayP99Ms: number };

const TURNS = 50;
/** The store and the log of decisions write half a second after the first thing they were told. */
const WRITTEN_MS = 700;

const task = JSON.parse(process.argv[2] ?? "null") as GatewayTask;
const [login] = task.logins;
if (login === undefined) throw new Error("no login to ask with");
const account = { authorization: `Bearer ${login.accessToken}`, "chatgpt-account-id": login.accountId };
const upstream = new URL(`${task.upstreamUrl}/codex/responses`);
const pipeFile = fileURLToPath(new URL("gateway/pipe.ts", import.meta.url));
const key = execFileSync(process.execPath, [task.cli, "key", "create", "bench"], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
}).trim();
const servers = {
  pipe: await start(pipeFile, (port) => [port, task.upstreamUrl, account.authorization, login.accountId]),
  gateway: await start(task.cli, (port) => ["gateway", "--port", port]),
};
const targets: Readonly<Record<Way, Target>> = {
  direct: { port: Number(upstream.port), path: upstream.pathname, headers: account },
  pipe: { port: servers.pipe.port, path: "/v1/responses", headers: account },
  gateway: { port: servers.gateway.port, path: "/v1/responses", headers: { authorization: `Bearer ${key}` } },
};
const WAYS: readonly Way[] = ["direct", "pipe", "gateway"];
const samples: Record<Way, { firstByteMs: number[]; cpu: number }[]> = { direct: [], pipe: [], gateway: [] };
let worst = { rssMb: 0, delayP99Ms: 0 };
let next = 0;

for (let block = -task.warmUpBlocks; block < task.blocks; block += 1) {
  // Each way has its turn at every place of a block.
  for (let turn = 0; turn < WAYS.length; turn += 1) {
    const way = WAYS[(Math.abs(block) + turn) % WAYS.length] ?? "direct";
    const sample = await measure(way);
    if (block >= 0) samples[way].push(sample);
  }
}
finish({ ...samples, ...worst } satisfies GatewaySamples);

async function measure(way: Way): Promise<{ firstByteMs: number[]; cpu: number }> {
  const before = way === "direct" ? undefined : await told(servers[way].child);
  const timings = await load(targets[way]);
  // What is written behind belongs to the figure; the other ways wait as long.
  await new Promise((resolve) => setTimeout(resolve, WRITTEN_MS));
  const after = way === "direct" ? undefined : await told(servers[way].child);
  if (way === "gateway" && after !== undefined)
    worst = {
      rssMb: Math.max(worst.rssMb, after.rssMb),
      delayP99Ms: Math.max(worst.delayP99Ms, after.delayP99Ms),
    };
  const cpu = before && after ? (after.cpu - before.cpu) / task.requests : 0;
  return { firstByteMs: timings.map(({ firstByteMs }) => firstByteMs), cpu };
}

/** Each of those at once has a conversation of its own, and goes on with it. */
async function load(target: Target): Promise<readonly Timing[]> {
  const timings: Timing[] = [];
  const waiting = Array.from({ length: task.requests }).values();
  async function one(): Promise<void> {
    let turn = TURNS;
    let session = "";
    let body = "";
    for (const _ of waiting) {
      if (turn >= TURNS) {
        next += 1;
        session = `ses_bench${String(next).padStart(9, "0")}`;
        body = bodyOf(session, task.bodyBytes);
        turn = 0;
      }
      turn += 1;
      const headers = {
        ...target.headers,
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        originator: "codex_exec",
        "user-agent": "codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown",
        "session-id": session,
        "thread-id": session,
        accept: "text/event-stream",
      };
      timings.push(await ask({ ...target, headers }, body));
    }
  }
  await Promise.all(Array.from({ length: task.atOnce }, one));
  return timings;
}

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts a program that says a line when it listens, and can be asked what it costs. */
async function start(file: string, argumentsFor: (port: string) => readonly string[]): Promise<Server> {
  const port = await freePort();
  const child = fork(file, [...argumentsFor(String(port))], {
    execArgv: ["--import", new URL("gateway/server.ts", import.meta.url).href],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  child.once("exit", () => {
    throw new Error(`${file} ended before its time`);
  });
  if (child.stdout !== null) await once(child.stdout, "data");
  child.stdout?.resume();
  return { child, port };
}

async function told(child: ChildProcess): Promise<Told> {
  const answer = once(child, "message");
  child.send("tell");
  const [message] = (await answer) as [Told];
  return message;
}
