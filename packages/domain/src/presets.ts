import { err, type Result } from "neverthrow";
import { changeSettings, type HigherLayers } from "./settings-changes.ts";
import type { StoreV2 } from "./store.ts";
import { issue, validationError, type ValidationError } from "./validation.ts";

/** Every preset's name. */
export const PRESET_NAMES = ["balanced", "conservative", "aggressive"] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** Ready-made settings, each as the merge patch that it stands for. */
export const PRESETS: Readonly<Record<PresetName, object>> = {
  /** Every account alike. */
  balanced: { criticalThreshold: 10, lowThreshold: 30, accountWeights: null },
  /** Stays on an account for long. */
  conservative: { criticalThreshold: 5, lowThreshold: 15 },
  /** Leaves an account early. */
  aggressive: { criticalThreshold: 20, lowThreshold: 40 },
};

/**
 * Applies a preset like any other change of settings.
 *
 * @param name of a preset, in upper or lower case
 * @returns the new state, or `VALIDATION_ERROR`
 */
export function applyPreset(
  store: StoreV2,
  name: unknown,
  higher?: HigherLayers,
): Result<StoreV2, ValidationError> {
  const wanted = typeof name === "string" ? name.toLowerCase() : name;
  const preset = PRESET_NAMES.find((known) => known === wanted);
  if (preset === undefined) {
    return err(validationError([issue("preset", `must be one of ${PRESET_NAMES.join(", ")}`, name)]));
  }
  return changeSettings(store, PRESETS[preset], higher);
}
