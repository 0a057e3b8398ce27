import { stat } from "node:fs/promises";

import { PLUGIN_BUNDLE } from "../rig/rig.ts";
import type { Row } from "../row.ts";

const BOUND_KB = 400;

/** The size of the one file that OpenCode loads; 1 kB is 1000 bytes. */
export async function measureBundle(): Promise<readonly Row[]> {
  const { size } = await stat(PLUGIN_BUNDLE);
  return [{ figure: "plugin bundle", runtime: "", value: size / 1_000, unit: "kB", bound: BOUND_KB }];
}
