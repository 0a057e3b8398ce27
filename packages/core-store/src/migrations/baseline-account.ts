import type { EpochMs } from "@open-multi-auth/domain";
import { newestHistory, observedLimits } from "./limits.ts";
import type { Fields } from "./types.ts";
import { defined, instantOf, isFields, ownFields, textOf, without } from "./values.ts";

/** Fields with a successor of another name or shape. */
const REPLACED: ReadonlySet<string> = new Set(["rateLimits", "limitsConfidence", "lastLimitProbeAt"]);

const MODEL_REST: readonly string[] = [
  "modelUnsupportedUntil",
  "modelUnsupportedAt",
  "modelUnsupportedModel",
  "modelUnsupportedError",
];

/**
 * An account of the baseline, of either version, in our words. Values of the wrong type stay as they are: the
 * check of the whole account finds them.
 *
 * The time of its last probe only dates its limits: to us it would say that they are authoritative.
 */
export function fromBaselineAccount(entry: Fields, at: EpochMs): Fields {
  const rest = modelRest(entry);
  const seen = instantOf(entry["lastLimitProbeAt"]) ?? instantOf(entry["lastSeenAt"]) ?? at;
  return defined({
    ...without(ownFields(entry), rest === undefined ? REPLACED : new Set([...REPLACED, ...MODEL_REST])),
    accessToken: entry["accessToken"] ?? "",
    expiresAt: entry["expiresAt"] ?? 0,
    source: entry["source"] === "codex" || entry["source"] === "opencode" ? entry["source"] : "import",
    enabled: entry["enabled"] ?? true,
    disabledBy: actorOf(entry["disabledBy"]),
    modelUnsupported: rest,
    observed: observedLimits(entry["rateLimits"], seen),
    rateLimitHistory: newestHistory(entry["rateLimitHistory"]),
    limitStatus: restingStatus(entry["limitStatus"]),
    usageCount: entry["usageCount"] ?? 0,
    tags: entry["tags"] ?? [],
  });
}

/** Who did something, as the baseline named them: a door of ours, or whatever name it was. */
export function actorOf(name: unknown): unknown {
  if (name === null || name === undefined) return undefined;
  if (typeof name !== "string") return name;
  return DOORS.has(name) ? { via: name } : { via: "import", user: name };
}

const DOORS: ReadonlySet<string> = new Set(["cli", "dashboard", "api", "plugin"]);

/** A rest for one model; what names no model or end is kept as fields that we do not know. */
function modelRest(entry: Fields): Record<string, Fields> | undefined {
  const model = textOf(entry["modelUnsupportedModel"]);
  const until = instantOf(entry["modelUnsupportedUntil"]);
  if (model === undefined || model === "__proto__" || until === undefined) return undefined;
  const since = instantOf(entry["modelUnsupportedAt"]);
  const error = textOf(entry["modelUnsupportedError"]) ?? "";
  return { [model]: { until, error, ...(since !== undefined && { at: since }) } };
}

/** A probe that was under way in another process is not under way here. */
function restingStatus(status: unknown): unknown {
  return status === undefined || status === null || status === "queued" || status === "running"
    ? "idle"
    : status;
}

/** The entries of a store by alias, in its order. */
export function entriesOf(accounts: unknown): [alias: string, entry: unknown][] {
  return isFields(accounts) ? Object.entries(accounts) : [];
}
