import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startUpstreamSim, type UpstreamSim } from "@open-multi-auth/upstream-sim";
import { linkAll } from "./link.ts";
import { ALIASES, ENDLESS, happeningsOf, STEP_MS, STEPS, STEPS_PER_HOUR, type Happening } from "./plan.ts";
import { newProgress, readProgress, type Progress } from "./progress.ts";
import { startWorker, type Worker } from "./worker-process.ts";

/** How a soak is run. */
export interface SoakOptions {
  /** Where the pool and the progress are kept; what is there already goes on. */
  readonly folder: string;
  readonly seed: number;
  /** `compressed` sets the clock on; `wall` waits for it. */
  readonly pace: "compressed" | "wall";
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly print: (line: string) => void;
  /** Fewer steps than the whole, for tests of the soak itself. */
  readonly steps?: number;
}

const WORKERS = 2;
const ASKS = 2;
const HOUR_MS = 3_600_000;

/** Lives 48 hours of a pool with two processes, and writes down after every step what came of it. */
export async function soak(options: SoakOptions): Promise<Progress> {
  const { folder, pace, steps = STEPS } = options;
  await mkdir(folder, { recursive: true });
  let progress = (await readProgress(folder)) ?? newProgress(options.now());
  // Before any worker, so that a clock that stands is the same for all.
  let now = progress.startedAt + progress.step * STEP_MS;
  const clock = { now: () => (pace === "wall" ? options.now() : now) };
  const sim = await startUpstreamSim({ clock, accounts: ACCOUNTS, logMode: "light" });
  const env = environmentOf(folder, sim);
  await linkAll(sim, env, clock.now());
  const start = (): Promise<Worker> =>
    startWorker({ ...env, ...(pace === "compressed" && { SOAK_NOW: String(now) }) });
  const crew = await Promise.all(Array.from({ length: WORKERS }, start));
  try {
    while (progress.step < steps) {
      now = progress.startedAt + progress.step * STEP_MS;
      if (pace === "wall") await options.pause(Math.max(0, now - options.now()));
      await Promise.all(crew.map((worker) => worker.tell({ kind: "time", now })));
      for (const happening of happeningsOf(progress.step, options.seed)) {
        progress = await happen(happening, { progress, sim, crew, start });
      }
      progress = await converse(crew, progress);
      const renewed = progress.renewals + renewals(sim);
      progress = { ...progress, renewals: renewed, step: progress.step + 1 };
      await writeFile(join(folder, "progress.json"), `${JSON.stringify(progress, null, 2)}\n`);
      if (progress.step % STEPS_PER_HOUR === 0)
        options.print(
          `hour ${progress.step / STEPS_PER_HOUR}: ${progress.served} of ${progress.asked} served`,
        );
    }
    await Promise.all(crew.map((worker) => worker.tell({ kind: "close" })));
    return {
      ...progress,
      tokens: Object.fromEntries(ALIASES.map((alias) => [alias, sim.tokensOf(alias).refreshToken])),
    };
  } finally {
    await Promise.all(crew.map((worker) => worker.kill()));
    await sim.close();
  }
}

const ACCOUNTS = ALIASES.map((alias) => ({
  alias,
  accessTokenTtlMs: 3 * HOUR_MS,
  percentPerRequest: alias === ENDLESS ? { fiveHour: 0, weekly: 0 } : { fiveHour: 8, weekly: 0.2 },
}));

const environmentOf = (folder: string, sim: UpstreamSim): Record<string, string> => ({
  HOME: folder,
  OPENCODE_MULTI_AUTH_STORE_DIR: join(folder, "pool"),
  OPENCODE_MULTI_AUTH_UPSTREAM_URL: sim.backendUrl,
  OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: sim.issuerUrl,
});

interface Stage {
  readonly progress: Progress;
  readonly sim: UpstreamSim;
  readonly crew: Worker[];
  readonly start: () => Promise<Worker>;
}

async function happen(happening: Happening, { progress, sim, crew, start }: Stage): Promise<Progress> {
  const [first] = crew;
  switch (happening.kind) {
    case "server-fault":
      sim.script(happening.alias, [{ kind: happening.fault }]);
      return { ...progress, faults: progress.faults + 1 };
    case "token-fault":
      sim.script(happening.alias, [{ kind: "server-error" }], "token");
      return { ...progress, faults: progress.faults + 1 };
    case "token-revoked":
      sim.expireAccessToken(happening.alias);
      return { ...progress, faults: progress.faults + 1 };
    case "probe": {
      sim.script(happening.alias, happening.fails ? [{ kind: "server-error" }] : [], "usage");
      const reply = await first?.tell({ kind: "probe", alias: happening.alias });
      const after = { ...progress, probes: progress.probes + 1 };
      return reply?.code === undefined ? after : noted(after, `probe: ${reply.code}`);
    }
    case "force": {
      const begun = await first?.tell({ kind: "force", alias: ENDLESS });
      const seen = await Promise.all(
        crew.map((worker) => worker.tell({ kind: "see-force", alias: ENDLESS })),
      );
      return [begun, ...seen].reduce<Progress>(
        (all, reply) => (reply?.code === undefined ? all : noted(all, `force: ${reply.code}`)),
        { ...progress, forcedAtStep: progress.step },
      );
    }
    case "tag": {
      const replies = await Promise.all(
        crew.flatMap((worker, index) =>
          ALIASES.map((alias) => worker.tell({ kind: "tag", alias, tag: `r${happening.round}w${index}` })),
        ),
      );
      return replies.reduce(
        (all, reply) => (reply?.code === undefined ? all : noted(all, `tag: ${reply.code}`)),
        progress,
      );
    }
    case "crash":
      return crash({ progress, sim, crew, start });
    default:
      return happening satisfies never;
  }
}

/** Kills a process while it waits for an answer, and starts another in its place. */
async function crash({ progress, crew, start }: Stage): Promise<Progress> {
  const index = progress.crashes % crew.length;
  const victim = crew[index];
  const asked = victim?.tell({ kind: "ask", conversation: `crash-${progress.step}` });
  await victim?.crash();
  await asked;
  crew[index] = await start();
  return { ...progress, crashes: progress.crashes + 1 };
}

/** Two conversations a process: one that goes on for an hour, and one that is new. */
async function converse(crew: readonly Worker[], progress: Progress): Promise<Progress> {
  const replies = await Promise.all(
    crew.flatMap((worker, index) =>
      Array.from({ length: ASKS }, (_, ask) => {
        const part = ask === 0 ? Math.floor(progress.step / STEPS_PER_HOUR) : `new-${progress.step}`;
        return worker.tell({ kind: "ask", conversation: `w${index}-${part}` });
      }),
    ),
  );
  const faults = crew.flatMap((worker) => worker.fault() ?? []);
  const failed = replies.filter((reply) => reply?.status !== 200 || reply.text !== "whole");
  const told = [...faults, ...failed.map((reply) => `step ${progress.step}: ${JSON.stringify(reply)}`)];
  return {
    ...told.reduce(noted, progress),
    asked: progress.asked + replies.length,
    served: progress.served + replies.length - failed.length,
  };
}

/** Since the last time. */
function renewals(sim: UpstreamSim): number {
  const count = sim.log().filter(({ endpoint, status }) => endpoint === "token" && status === 200).length;
  sim.clearLog();
  return count;
}

const noted = (progress: Progress, problem: string): Progress => ({
  ...progress,
  problems: [...progress.problems, problem],
});
