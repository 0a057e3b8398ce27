import { openStore } from "@open-multi-auth/core-store/node";
import { systemClock, systemRandom } from "@open-multi-auth/runtime-node";

import { finish } from "./task.ts";

/** Outcome of this client: milliseconds of each opening. */
export type LoadSamples = readonly number[];

const WARM_UP = 5;
const SAMPLES = 25;

const [folder = ""] = JSON.parse(process.argv[2] ?? "[]") as string[];
const millis: number[] = [];
for (let sample = -WARM_UP; sample < SAMPLES; sample += 1) {
  const start = performance.now();
  const opened = await openStore({ folder, clock: systemClock, random: systemRandom });
  if (sample >= 0) millis.push(performance.now() - start);
  (await opened._unsafeUnwrap().close())._unsafeUnwrap();
}
finish(millis satisfies LoadSamples);
