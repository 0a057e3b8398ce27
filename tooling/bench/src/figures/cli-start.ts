import { performance } from "node:perf_hooks";

import { PROGRAM } from "../rig/dashboard.ts";
import { outputOf } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { runtimeLabel, RUNTIMES } from "../runtimes.ts";
import { median, pairedRatio } from "../statistics.ts";

const PAIRS = 25;
const BOUND = 4;

/** A cold `oma status` of ten accounts, against a Node that does nothing. */
export async function measureCliStart(rig: Rig): Promise<readonly Row[]> {
  const env = { ...(await rig.freshStore()), PATH: process.env["PATH"] ?? "" };
  const node = RUNTIMES.node.path;
  const commands = { direct: [node, "-e", "0"], pool: [node, PROGRAM, "status"] };
  const millis = { direct: [] as number[], pool: [] as number[] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const order = pair % 2 === 0 ? (["direct", "pool"] as const) : (["pool", "direct"] as const);
    for (const way of order) {
      const start = performance.now();
      const output = await outputOf(commands[way], env);
      millis[way].push(performance.now() - start);
      if (way === "pool" && !output.includes("accounts can serve"))
        throw new Error("oma status shows nothing");
    }
  }
  return [
    {
      figure: "oma status, cold",
      runtime: runtimeLabel(RUNTIMES.node),
      direct: median(millis.direct),
      pool: median(millis.pool),
      baselineUnit: "ms",
      value: pairedRatio(millis),
      unit: "times",
      bound: BOUND,
      note: "direct: node -e 0",
    },
  ];
}
