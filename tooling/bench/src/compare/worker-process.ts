import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Upstream } from "./worker/closed-network.ts";
import type { Job, Outcomes, Task } from "./worker/task.ts";
import type { SubjectName } from "./subject.ts";
import { RUNTIMES, type Runtime } from "../runtimes.ts";

/** A subject in an empty home folder. */
export interface Bench {
  readonly name: SubjectName;
  readonly clone: string;
  readonly upstream: Upstream;
  readonly home: string;
}

const MAIN = fileURLToPath(new URL("worker/main.ts", import.meta.url));

/** Makes an empty home folder for a subject. */
export function createBench(folder: string, name: SubjectName, clone: string, upstream: Upstream): Bench {
  return { name, clone, upstream, home: mkdtempSync(join(folder, `${name}-`)) };
}

/** A process of a subject at work. */
export interface Worker {
  readonly child: ChildProcess;
  /** What it tells, parsed, in order; ends with the process. */
  readonly told: AsyncIterableIterator<unknown>;
  /** Lets a process that said it is ready begin. */
  start(): void;
}

/** Starts a process with a job. */
export function startWorker(
  { name, clone, upstream, home }: Bench,
  job: Job,
  runtime: Runtime = RUNTIMES.node,
): Worker {
  const task: Task = { subject: name, clone, upstream, job };
  const args = ["--conditions=@open-multi-auth/source", MAIN, JSON.stringify(task)];
  const child = spawn(runtime.path, args, {
    cwd: home,
    env: environment(home, upstream),
    // What plugins print to the terminal goes nowhere, which is the fastest terminal there is.
    stdio: ["pipe", "ignore", "ignore", "pipe"],
  });
  const told = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  return {
    child,
    told: (async function* parse() {
      for await (const line of told) yield JSON.parse(line);
    })(),
    start: () => void child.stdin?.end("go\n"),
  };
}

/** Runs a job to its end. */
export async function runJob<Kind extends Job["kind"]>(
  bench: Bench,
  job: Extract<Job, { kind: Kind }>,
  runtime?: Runtime,
): Promise<Outcomes[Kind]> {
  return outcomeOf<Kind>(startWorker(bench, job, runtime), bench);
}

/** Runs jobs that begin at the same instant, once all of them have everything loaded. */
export async function runTogether<Kind extends "updates" | "ask">(
  bench: Bench,
  jobs: readonly Extract<Job, { kind: Kind }>[],
): Promise<readonly Outcomes[Kind][]> {
  const workers = jobs.map((job) => startWorker(bench, job));
  for (const { told } of workers) await told.next();
  for (const worker of workers) worker.start();
  return Promise.all(workers.map((worker) => outcomeOf<Kind>(worker, bench)));
}

async function outcomeOf<Kind extends Job["kind"]>(
  { child, told }: Worker,
  { name }: Bench,
): Promise<Outcomes[Kind]> {
  const ended = once(child, "exit");
  const { value, done } = await told.next();
  const [code, signal] = await ended;
  if (done === true || code !== 0) throw new Error(`${name} ended with ${code ?? signal}`);
  return value as Outcomes[Kind];
}

/** All that a subject sees of the machine. Its switches lead nowhere but to its own home. */
function environment(home: string, { backendUrl, issuerUrl }: Upstream): NodeJS.ProcessEnv {
  return {
    HOME: home,
    PATH: "/usr/bin:/bin",
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    OPENCODE_MULTI_AUTH_UPSTREAM_URL: backendUrl,
    OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: issuerUrl,
    OPENCODE_MULTI_AUTH_STORE_DIR: join(home, "store"),
    // One store for all folders of work, as the two others have it.
    CODEX_AUTH_PER_PROJECT_ACCOUNTS: "0",
  };
}
