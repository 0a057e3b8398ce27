import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a measured server tells of itself when it is asked. */
export interface Told {
  /** Microseconds of CPU so far. */
  readonly cpu: number;
  readonly rssMb: number;
  /** Since it was last asked. */
  readonly delayP99Ms: number;
}

/** Loaded into a server before its own program: answers the process that started it whenever that asks. */
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpu: user + system,
    rssMb: process.memoryUsage.rss() / 1e6,
    // The resolution is a part of every sample.
    delayP99Ms: delay.percentile(99) / 1e6 - 1,
  } satisfies Told);
  delay.reset();
});
process.on("disconnect", () => process.exit(0));
