import { err, ok, type Result } from "neverthrow";
import { withStrategy } from "./force.ts";
import {
  resolveSettings,
  SETTING_NAMES,
  settingsSchema,
  type Layer,
  type PersistedSettings,
  type SettingName,
  type SettingsLayers,
  type Strategy,
} from "./settings.ts";
import { SETTINGS_DEFAULTS } from "./settings-defaults.ts";
import { mergeSetting } from "./settings-merge.ts";
import type { StoreV2 } from "./store.ts";
import {
  issue,
  issuesOf,
  validationError,
  type ValidationError,
  type ValidationIssue,
} from "./validation.ts";

/** The layers above what is persisted, as the process that makes the change sees them. */
export type HigherLayers = Pick<SettingsLayers, "runtime" | "environment">;

/**
 * Changes persisted settings by a JSON merge patch (RFC 7396): what it names is set, and `null` goes back to the
 * default. Where an account is forced, a strategy waits for the end of that.
 *
 * @param patch comes from outside: `{criticalThreshold: 5, accountWeights: {work: 0.5, home: null}}`
 * @returns the new state, or `VALIDATION_ERROR` with every field that is wrong; then nothing is changed
 */
export function changeSettings(
  store: StoreV2,
  patch: unknown,
  higher: HigherLayers = { runtime: {}, environment: {} },
): Result<StoreV2, ValidationError> {
  if (!isObject(patch)) return err(validationError([issue("settings", "must be an object", patch)]));
  const { rotationStrategy: wanted, ...others } = patch;
  const strategy = chosenStrategy(wanted);
  const issues = strategy.isErr() ? [...strategy.error] : [];
  let settings = store.settings;
  for (const [name, value] of Object.entries(others)) {
    const merged = mergeSetting(settings, name, { value, accounts: store.accounts });
    if (merged.isOk()) settings = merged.value;
    else issues.push(...merged.error);
  }
  if (issues.length === 0) issues.push(...thresholdIssues(store, { settings, patch, higher }));
  if (strategy.isErr() || issues.length > 0) return err(validationError(issues));
  const changed = settings === store.settings ? store : { ...store, settings };
  return ok(strategy.value === undefined ? changed : withStrategy(changed, strategy.value));
}

/** Deletes every persisted setting: the defaults hold again, the strategy's once a force has ended. */
export function resetSettings(store: StoreV2): StoreV2 {
  return withStrategy({ ...store, settings: {} }, SETTINGS_DEFAULTS.rotationStrategy);
}

/** The persisted layer of a store. A strategy that nobody chose differently counts as the default. */
export function persistedSettings({ settings, rotationStrategy }: StoreV2): Layer {
  return rotationStrategy === SETTINGS_DEFAULTS.rotationStrategy
    ? settings
    : { ...settings, rotationStrategy };
}

/** The setting that a text names. */
export const isSettingName = (name: string): name is SettingName =>
  SETTING_NAMES.some((known) => known === name);

/** The strategy that a patch asks for; `undefined` where it is silent. */
function chosenStrategy(wanted: unknown): Result<Strategy | undefined, readonly ValidationIssue[]> {
  if (wanted === undefined) return ok(undefined);
  const parsed = settingsSchema.shape.rotationStrategy.safeParse(
    wanted ?? SETTINGS_DEFAULTS.rotationStrategy,
  );
  return parsed.success ? ok(parsed.data) : err(issuesOf(parsed.error, wanted, ["rotationStrategy"]));
}

interface Changing {
  readonly settings: PersistedSettings;
  readonly patch: object;
  readonly higher: HigherLayers;
}

/** Thresholds that contradict each other, or one that another layer insists on. */
function thresholdIssues(store: StoreV2, { settings, patch, higher }: Changing): ValidationIssue[] {
  const changed = THRESHOLDS.find((name) => Object.hasOwn(patch, name));
  if (changed === undefined) return [];
  const own = thresholdsIn(settings, SETTINGS_DEFAULTS);
  if (own.criticalThreshold >= own.lowThreshold) return [contradiction(changed, own)];
  const before = resolveSettings({ persisted: store.settings, ...higher }).contradictory;
  const { contradictory } = resolveSettings({ persisted: settings, ...higher });
  return contradictory
    .filter((origin) => !before.includes(origin))
    .map((origin) => {
      const set: Layer = { ...higher.runtime, ...(origin === "environment" && higher.environment) };
      const field = set.criticalThreshold === undefined ? "criticalThreshold" : "lowThreshold";
      return contradiction(field, thresholdsIn(set, own), `, which the ${origin} sets`);
    });
}

const THRESHOLDS = ["criticalThreshold", "lowThreshold"] as const;
type Thresholds = Readonly<Record<(typeof THRESHOLDS)[number], number>>;

const thresholdsIn = (layer: Layer, under: Thresholds): Thresholds => ({
  criticalThreshold: layer.criticalThreshold ?? under.criticalThreshold,
  lowThreshold: layer.lowThreshold ?? under.lowThreshold,
});

function contradiction(field: keyof Thresholds, values: Thresholds, where = ""): ValidationIssue {
  const { criticalThreshold: critical, lowThreshold: low } = values;
  return field === "criticalThreshold"
    ? issue(field, `must be below lowThreshold (${low}${where})`, critical)
    : issue(field, `must be above criticalThreshold (${critical}${where})`, low);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
