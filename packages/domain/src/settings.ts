import { z } from "zod";
import { secureUrlSchema } from "./secure-url.ts";
import {
  MODEL_NAME,
  PERCENT,
  PROBE_INTERVAL_MS,
  PROBE_MODELS,
  TRANSIENT_ATTEMPTS,
  WEIGHT,
} from "./settings-bounds.ts";
import { SETTINGS_DEFAULTS } from "./settings-defaults.ts";

/** The rule that orders eligible accounts. */
export const strategySchema = z.enum([
  "round-robin",
  "least-used",
  "random",
  "weighted-round-robin",
  "headroom",
]);
export type Strategy = z.infer<typeof strategySchema>;

/** As {@link MODEL_NAME} says. */
export const modelNameSchema = z.string().regex(MODEL_NAME);

const percent = z.number().min(PERCENT.min).max(PERCENT.max);
const weight = z.number().gt(WEIGHT.above).max(WEIGHT.max);
const duration = z.number().int().min(0);
const NO_PATH = /^https?:\/\/[^/]+\/?$/i;

/** Every effective setting; `SETTINGS_DEFAULTS` has the value of each. */
export const settingsSchema = z.object({
  rotationStrategy: strategySchema,
  /** Percent left below which an account gets new conversations only when no other is eligible. */
  criticalThreshold: percent,
  /** Percent left below which an account is shown as low, and `headroom` avoids it. */
  lowThreshold: percent,
  /** Weight by alias, in (0, 1]; an alias that is not named weighs 1. */
  accountWeights: z.record(z.string(), weight),
  minWeight: weight,
  maxTransientAttempts: z.number().int().min(TRANSIENT_ATTEMPTS.min).max(TRANSIENT_ATTEMPTS.max),
  workspaceRestMs: duration,
  modelRestMs: duration,
  health: z
    .object({
      downAfter: z.number().int().min(1),
      upAfter: z.number().int().min(1),
      restMinMs: duration,
      restMaxMs: duration,
    })
    .refine(({ restMinMs, restMaxMs }) => restMinMs <= restMaxMs, {
      path: ["restMaxMs"],
      message: "must not be below restMinMs",
    }),
  /** `on`: strategies place conversations; `off`: they place every request. */
  sessionAffinity: z.enum(["on", "off"]),
  /** Percent by alias that the pool leaves to its owner. */
  reservePercent: z.record(z.string(), percent),
  /** How often an account's limits are asked for while someone looks. */
  probeIntervalMs: z.number().int().min(PROBE_INTERVAL_MS.min).max(PROBE_INTERVAL_MS.max),
  /** Models to measure limits with where only a model turn tells them, the first choice first. */
  probeModels: z.array(modelNameSchema).min(PROBE_MODELS.min).max(PROBE_MODELS.max),
  /** Where the person is told that an account is used up, dead or about to run out. */
  notifications: z.object({
    /** In OpenCode. */
    toast: z.boolean(),
    /** By the operating system. */
    desktop: z.boolean(),
    /** A topic of an ntfy server; it sees aliases. */
    ntfyUrl: secureUrlSchema
      .refine((url) => !NO_PATH.test(url), "must name a topic, as https://ntfy.sh/your-topic")
      .nullable(),
  }),
  /** What is not of the core and off until the person turns it on. */
  featureFlags: z.object({ antigravityEnabled: z.boolean() }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Every setting's name, in the order in which they are shown. */
export const SETTING_NAMES: readonly SettingName[] = settingsSchema.keyof().options;

/** Settings as the store keeps them: what was changed, without the strategy, which has its own field. */
export const persistedSettingsSchema = z.looseObject(
  settingsSchema.omit({ rotationStrategy: true }).partial().shape,
);
export type PersistedSettings = z.infer<typeof persistedSettingsSchema>;

/**
 * What a project's configuration may choose. A cloned repository can write it: so no path, address, flag or
 * command is among them.
 */
export const runtimeSettingsSchema = settingsSchema
  .pick({
    rotationStrategy: true,
    sessionAffinity: true,
    criticalThreshold: true,
    lowThreshold: true,
    accountWeights: true,
  })
  .partial();
export type RuntimeSettings = z.infer<typeof runtimeSettingsSchema>;

/** What the environment may choose besides: it is the person's own. */
export const environmentSettingsSchema = runtimeSettingsSchema.extend({
  probeModels: settingsSchema.shape.probeModels.optional(),
  notifications: settingsSchema.shape.notifications.optional(),
  featureFlags: settingsSchema.shape.featureFlags.optional(),
});
export type EnvironmentSettings = z.infer<typeof environmentSettingsSchema>;

/** Some of the settings, from one place. */
export type Layer = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/** Where an effective value came from, weakest first. */
export const settingOriginSchema = z.enum(["default", "persisted", "runtime", "environment"]);
export type SettingOrigin = z.infer<typeof settingOriginSchema>;

/** The name of a setting. */
export type SettingName = keyof Settings;

/** The layers that settings are made of; a later one wins. */
export interface SettingsLayers {
  readonly persisted: Layer;
  readonly runtime: RuntimeSettings;
  readonly environment: EnvironmentSettings;
}

/** Effective settings and, by name, the layer that each came from. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>;
  /** Layers whose thresholds were left out, since they contradict. */
  readonly contradictory: readonly SettingOrigin[];
}

/**
 * Joins the layers: defaults < persisted < runtime < environment.
 *
 * A layer whose thresholds contradict (critical not below low) with the layers under it loses both thresholds,
 * so what is used is always valid.
 */
export function resolveSettings(layers: SettingsLayers): ResolvedSettings {
  let settings: Settings = SETTINGS_DEFAULTS;
  const origins: Record<SettingName, SettingOrigin> = { ...ALL_DEFAULT };
  const contradictory: SettingOrigin[] = [];
  for (const origin of ["persisted", "runtime", "environment"] as const) {
    let layer = chosenIn(layers[origin]);
    if (contradicts(settings, layer)) {
      const { criticalThreshold: _critical, lowThreshold: _low, ...rest } = layer;
      layer = rest;
      contradictory.push(origin);
    }
    settings = { ...settings, ...layer };
    for (const name of SETTING_NAMES) if (Object.hasOwn(layer, name)) origins[name] = origin;
  }
  return { settings, origins, contradictory };
}

const ALL_DEFAULT: Readonly<Record<SettingName, SettingOrigin>> = {
  rotationStrategy: "default",
  criticalThreshold: "default",
  lowThreshold: "default",
  accountWeights: "default",
  minWeight: "default",
  maxTransientAttempts: "default",
  workspaceRestMs: "default",
  modelRestMs: "default",
  health: "default",
  sessionAffinity: "default",
  reservePercent: "default",
  probeIntervalMs: "default",
  probeModels: "default",
  notifications: "default",
  featureFlags: "default",
};

function chosenIn(layer: Layer): Partial<Settings> {
  return Object.fromEntries(
    Object.entries(layer).filter(
      ([name, value]) => Object.hasOwn(SETTINGS_DEFAULTS, name) && value !== undefined,
    ),
  );
}

function contradicts(below: Settings, layer: Partial<Settings>): boolean {
  const { criticalThreshold, lowThreshold } = { ...below, ...layer };
  return criticalThreshold >= lowThreshold;
}
