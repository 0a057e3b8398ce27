import { createRequire } from "node:module";
import { findCodex } from "@open-multi-auth/e2e";

import type { CodexProbeSamples } from "../client/codex-probe.ts";
import { runClient } from "../rig/client-process.ts";
import type { Rig } from "../rig/rig.ts";
import type { Row } from "../row.ts";
import { RUNTIMES } from "../runtimes.ts";
import { percentile } from "../statistics.ts";

/** Nobody listens there: nothing but loopback is to be reached. */
const NOWHERE = "http://127.0.0.1:9";

/** The same by the real Codex CLI, which is asked where the endpoint refuses: beside it, without bounds. */
export async function measureCodexProbe(rig: Rig): Promise<readonly Row[]> {
  const binary = findCodex();
  if (binary.isErr()) return [notMeasured(binary.error.message)];
  const samples = await runClient<CodexProbeSamples>(RUNTIMES.node, "codex-probe", null, {
    env: {
      ...(await rig.freshStore()),
      CODEX_CLI_BIN: binary.value,
      HTTP_PROXY: NOWHERE,
      HTTPS_PROXY: NOWHERE,
      NO_PROXY: "127.0.0.1,localhost",
    },
  });
  return Object.entries(samples).flatMap(([kind, { millis, requests, modelTurns, bytes }]) => {
    const probes = millis.length;
    const row = (figure: string, value: number, unit: Row["unit"]): Row => ({
      figure: `${figure} per probe, ${kind}`,
      runtime: CODEX,
      value,
      unit,
    });
    return [
      row("requests", requests / probes, "calls"),
      row("model turns", modelTurns / probes, "calls"),
      row("bytes both ways", bytes / probes / 1_000, "kB"),
      row("p50", percentile(millis, 50), "ms"),
    ];
  });
}

const notMeasured = (note: string): Row => ({
  figure: "probe by the Codex CLI",
  runtime: CODEX,
  value: undefined,
  unit: "ms",
  note,
});

const require = createRequire(import.meta.url);
const CODEX = `codex ${(require("@openai/codex/package.json") as { version: string }).version}`;
