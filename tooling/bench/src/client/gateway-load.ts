import { ask, type Target, type Timing } from "./gateway/ask.ts";
import { bodyOf } from "./gateway/body.ts";
import { startGateway, startPipe, type MeasuredServer } from "./gateway/servers.ts";
import { finish, type ClientTask } from "./task.ts";

/** How much there is to measure. */
export interface GatewayTask extends ClientTask {
  /** The command line: what its runtime is told before, and its file. */
  readonly cli: readonly string[];
  readonly bodyBytes: number;
  /** Requests under way at a time. */
  readonly atOnce: number;
  readonly blocks: number;
  /** Requests of each server before everything else, sixteen at a time and each of 32 kB. */
  readonly warmUp?: number;
  readonly warmUpBlocks: number;
  /** Requests of each way in a block. */
  readonly requests: number;
  /** Also asks the upstream directly. */
  readonly direct?: boolean;
  /** Memory and event-loop delay are wanted. */
  readonly watch?: boolean;
  /** Folder for profiles of both servers, after the warm-up. */
  readonly profiles?: string;
}

/** The ways that are compared, in one block after the other. */
export type Way = "direct" | "pipe" | "gateway";

/** What one block said of a way; `cpu` in microseconds per request. */
export interface Sample {
  readonly firstByteMs: readonly number[];
  readonly cpu: number;
  /** Of the server's event loop while it had its turn; 0 where nobody watches. */
  readonly delayP99Ms: number;
  /** The most that the server has had so far; 0 where nobody watches. */
  readonly rssMb: number;
}

/** Outcome of this client: samples of each way, by block. */
export type GatewaySamples = Readonly<Record<Way, readonly Sample[]>>;

type Amount = Pick<GatewayTask, "requests" | "atOnce" | "bodyBytes">;

const TURNS = 50;

const task = JSON.parse(process.argv[2] ?? "null") as GatewayTask;
const { profiles } = task;
const [login] = task.logins;
if (login === undefined) throw new Error("no login to ask with");
const pipe = await startPipe(task, login, profiles && `${profiles}/pipe.cpuprofile`);
const gateway = await startGateway(task.cli, profiles && `${profiles}/gateway.cpuprofile`);
const servers: Readonly<Partial<Record<Way, MeasuredServer>>> = { pipe, gateway };
const account = { authorization: `Bearer ${login.accessToken}`, "chatgpt-account-id": login.accountId };
const upstream = new URL(`${task.upstreamUrl}/codex/responses`);
const targets: Readonly<Record<Way, Target>> = {
  direct: { port: Number(upstream.port), path: upstream.pathname, headers: account },
  pipe: { port: pipe.port, path: "/v1/responses", headers: account },
  gateway: { port: gateway.port, path: "/v1/responses", headers: { authorization: `Bearer ${gateway.key}` } },
};
const ways: readonly Way[] = task.direct === true ? ["direct", "pipe", "gateway"] : ["pipe", "gateway"];
const samples: Record<Way, Sample[]> = { direct: [], pipe: [], gateway: [] };
let next = 0;

for (const { target, amount } of warmUps()) await load(target, amount);
for (let block = -task.warmUpBlocks; block < task.blocks; block += 1) {
  if (block === 0) for (const server of [pipe, gateway]) begin(server);
  const before = { direct: 0, pipe: await cpuOf("pipe"), gateway: await cpuOf("gateway") };
  const measured: Record<Way, Sample[]> = { direct: [], pipe: [], gateway: [] };
  // Each way has its turn at every place of a block.
  for (let turn = 0; turn < ways.length; turn += 1) {
    const way = ways[(block + task.warmUpBlocks + turn) % ways.length] ?? "direct";
    measured[way].push(await measure(way));
  }
  if (block < 0) continue;
  // Over the whole block: what a server writes behind falls into the others' turns.
  for (const way of ways) {
    const cpu = ((await cpuOf(way)) - before[way]) / task.requests;
    samples[way].push(...measured[way].map((sample) => ({ ...sample, cpu })));
  }
}
for (const server of [pipe, gateway]) await server.end();
finish(samples satisfies GatewaySamples);

function warmUps(): readonly { readonly target: Target; readonly amount: Amount }[] {
  const amount = { requests: task.warmUp ?? 0, atOnce: 16, bodyBytes: 32_768 };
  return [targets.pipe, targets.gateway].map((target) => ({ target, amount }));
}

function begin(server: MeasuredServer): void {
  if (task.watch === true) server.begin("watch");
  if (profiles !== undefined) server.begin("profile");
}

async function cpuOf(way: Way): Promise<number> {
  return (await servers[way]?.tell())?.cpu ?? 0;
}

async function measure(way: Way): Promise<Sample> {
  const server = servers[way];
  // What it tells of its event loop begins anew.
  await server?.tell();
  const timings = await load(targets[way], task);
  const { delayP99Ms = 0, rssMb = 0 } = (await server?.tell()) ?? {};
  return { firstByteMs: timings.map(({ firstByteMs }) => firstByteMs), cpu: 0, delayP99Ms, rssMb };
}

/** Each of those at once has a conversation of its own, and goes on with it. */
async function load(target: Target, { requests, atOnce, bodyBytes }: Amount): Promise<readonly Timing[]> {
  const timings: Timing[] = [];
  const waiting = Array.from({ length: requests }).values();
  async function one(): Promise<void> {
    let turn = TURNS;
    let session = "";
    let body = "";
    for (const _ of waiting) {
      if (turn >= TURNS) {
        next += 1;
        session = `ses_bench${String(next).padStart(9, "0")}`;
        body = bodyOf(session, bodyBytes);
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
  await Promise.all(Array.from({ length: atOnce }, one));
  return timings;
}
