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
