import type { ProbeSource } from "@open-multi-auth/domain";
import type { ProbeError } from "./errors.ts";

const NAMES: Readonly<Record<ProbeSource["kind"], string>> = {
  "usage-endpoint": "usage endpoint",
  "codex-app-server": "Codex CLI (app-server)",
  "codex-exec": "Codex CLI (exec)",
};

/** A source for people: which one, and which model answered. */
export function describeSource({ kind, model }: ProbeSource): string {
  return model === undefined ? NAMES[kind] : `${NAMES[kind]} with ${model}`;
}

/** A failed probe for people, in one line. */
export function describeFailure(source: ProbeSource, error: ProbeError): string {
  return error.code === "PROBE_SOURCES_FAILED"
    ? error.message
    : `${describeSource(source)}: ${error.message}`;
}
