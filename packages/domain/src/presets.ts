import { err, type Result } from "neverthrow";
import { PRESET_NAMES, PRESETS } from "./preset-patches.ts";
import { changeSettings, type HigherLayers } from "./settings-changes.ts";
import type { StoreV2 } from "./store.ts";
import { issue, validationError, type ValidationError } from "./validation.ts";

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
