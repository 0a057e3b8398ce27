import type { SettingName } from "./settings.ts";

/** The prefix of every variable that we read. */
export const ENVIRONMENT_PREFIX = "OPENCODE_MULTI_AUTH_";

/** The variable that sets a setting, with its prefix; none for most. */
export const variableOf = (setting: SettingName): string | undefined => VARIABLES[setting];

const VARIABLES: Readonly<Partial<Record<SettingName, string>>> = {
  rotationStrategy: `${ENVIRONMENT_PREFIX}ROTATION_STRATEGY`,
  criticalThreshold: `${ENVIRONMENT_PREFIX}CRITICAL_THRESHOLD`,
  lowThreshold: `${ENVIRONMENT_PREFIX}LOW_THRESHOLD`,
  probeModels: `${ENVIRONMENT_PREFIX}LIMITS_PROBE_MODELS`,
  featureFlags: `${ENVIRONMENT_PREFIX}ANTIGRAVITY_ENABLED`,
};
