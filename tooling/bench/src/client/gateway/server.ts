import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a measured server tells of itself when it is asked. */
export interface Told {
  /** Microseconds of CPU so far. */
  readonly cpu: number;
  /** The most since it was asked to watch. */
  readonly rssMb: number;
  /** Since it was last asked. */
  readonly delayP99Ms: number;
}

/** `watch`: memory and delay are looked at from now on, which costs a little. `profile`: until it ends. */
export type Ask = "tell" | "watch" | "profile";

const SAMPLE_MS = 50;
const delay = monitorEventLoopDelay({ resolution: 1 });
const session = new Session();
let rss = 0;

/** Loaded into a server before its own program: answers the process that started it whenever that asks. */
process.on("message", (asked: Ask) => {
  if (asked === "watch") watch();
  else if (asked === "profile") void profile();
  else tell();
});
process.on("disconnect", () => {
  void written().then(() => process.exit(0));
});

function tell(): void {
  const { user, system } = process.cpuUsage();
  const told: Told = {
    cpu: user + system,
    rssMb: rss / 1e6,
    // The resolution is a part of every sample.
    delayP99Ms: delay.percentile(99) / 1e6 - 1,
  };
  process.send?.(told);
  delay.reset();
}

function watch(): void {
  delay.enable();
  setInterval(() => (rss = Math.max(rss, process.memoryUsage.rss())), SAMPLE_MS).unref();
}

async function profile(): Promise<void> {
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
}

async function written(): Promise<void> {
  const file = process.env["BENCH_PROFILE"];
  if (file === undefined) return;
  const { profile: samples } = await session.post("Profiler.stop");
  writeFileSync(file, JSON.stringify(samples));
}
