import type { Settings } from "./settings.ts";

/** What holds where nobody chose otherwise. */
export const SETTINGS_DEFAULTS: Settings = {
  rotationStrategy: "round-robin",
  criticalThreshold: 10,
  lowThreshold: 30,
  accountWeights: {},
  minWeight: 0.01,
  maxTransientAttempts: 3,
  workspaceRestMs: 30 * 60_000,
  modelRestMs: 30 * 60_000,
  health: { downAfter: 3, upAfter: 2, restMinMs: 60_000, restMaxMs: 15 * 60_000 },
  sessionAffinity: "on",
  reservePercent: {},
  // With its jitter, limits stay fresh: under five minutes old.
  probeIntervalMs: 4 * 60_000,
  // Small ones first: the turn is thrown away.
  probeModels: ["gpt-5.3-codex", "gpt-5.5", "gpt-5.6-luna", "gpt-6-luna"],
  notifications: { toast: true, desktop: false, ntfyUrl: null },
  featureFlags: { antigravityEnabled: false },
};
