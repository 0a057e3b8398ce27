import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";

import type { OpenCodeHome } from "./home.ts";
import { runOpenCode, type RunOptions } from "./run.ts";

/** OpenCode refused its configuration, or printed something else; `details.output` is what it said. */
export type ConfigNotShown = Failure<
  "OPENCODE_CONFIG_NOT_SHOWN",
  { exitCode: number | null; output: string }
>;

/** The part of OpenCode's merged configuration that tests ask for. */
export interface ShownConfig {
  readonly plugin: readonly (string | readonly [string, object])[];
  readonly [key: string]: unknown;
}

/** The configuration OpenCode arrives at. `--pure`: plugins are listed, not loaded or installed. */
export async function debugConfig(
  home: OpenCodeHome,
  options?: RunOptions,
): Promise<Result<ShownConfig, ConfigNotShown>> {
  const { exitCode, stdout, stderr } = await runOpenCode(home, ["debug", "config", "--pure"], options);
  const config = exitCode === 0 ? parseConfig(stdout) : undefined;
  if (config !== undefined) return ok(config);
  const output = stdout + stderr;
  return err(failure("OPENCODE_CONFIG_NOT_SHOWN", `opencode debug config: ${output}`, { exitCode, output }));
}

function parseConfig(text: string): ShownConfig | undefined {
  try {
    return JSON.parse(text) as ShownConfig;
  } catch {
    return undefined;
  }
}
