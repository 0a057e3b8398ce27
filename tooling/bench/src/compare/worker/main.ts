import { writeSync } from "node:fs";
import { once } from "node:events";
import { openBaseline } from "../subjects/baseline.ts";
import { openNdycode } from "../subjects/ndycode.ts";
import { openOurs } from "../subjects/ours.ts";
import type { Subject } from "../subject.ts";
import { closeNetwork } from "./closed-network.ts";
import { ask, latency, updates, write } from "./jobs.ts";
import type { Task } from "./task.ts";

const { subject: name, clone, upstream, job } = JSON.parse(process.argv[2] ?? "null") as Task;
closeNetwork(upstream);

/** Plugins print to standard output as they like, so what is told to the parent goes elsewhere. */
const tell = (message: unknown): void => void writeSync(3, `${JSON.stringify(message)}\n`);
/** Says that everything is loaded, and waits until all processes are. */
async function start(): Promise<void> {
  tell("ready");
  await once(process.stdin, "data");
}

const open: Record<Task["subject"], () => Promise<Subject>> = {
  ours: openOurs,
  baseline: () => openBaseline(clone),
  ndycode: () => openNdycode(clone),
};
tell(await run(await open[name]()));
process.exit(0);

async function run(subject: Subject): Promise<unknown> {
  if (job.kind === "seed") return (await subject.seed(job.accounts)) ?? null;
  if (job.kind === "read") return { accounts: await subject.read() };
  if (job.kind === "latency") return latency(subject, job, upstream);
  if (job.kind === "updates") return updates(subject, job, start);
  if (job.kind === "write") return write(subject, job.alias, tell);
  return ask(subject, job, start);
}
