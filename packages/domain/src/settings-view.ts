import { z } from "zod";
import { forceOf } from "./force.ts";
import { settingOriginSchema, settingsSchema, strategySchema, type ResolvedSettings } from "./settings.ts";
import type { StoreV2 } from "./store.ts";

/** The settings as the API and `oma settings --json` show them: each effective value and where it came from. */
export const settingsViewSchema = z.object({
  settings: settingsSchema,
  /** By name: `default`, `persisted`, `runtime` or `environment`. */
  origins: z.record(settingsSchema.keyof(), settingOriginSchema),
  /** Layers whose thresholds were left out, since they contradict the ones under them. */
  contradictory: z.array(settingOriginSchema),
  /** By alias of the enabled accounts: the part of the placements that its weight comes to, 0 to 1. */
  shares: z.record(z.string(), z.number()),
  /** The persisted strategy that holds once the force has ended; absent while no account is forced. */
  strategyAfterForce: strategySchema.optional(),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

/** Makes the view of what a store and the layers over it come to. */
export function settingsView(
  store: StoreV2,
  { settings, origins, contradictory }: ResolvedSettings,
  shares: SettingsView["shares"],
): SettingsView {
  const force = forceOf(store);
  return {
    settings,
    origins,
    contradictory: [...contradictory],
    shares,
    ...(force && { strategyAfterForce: force.strategyAfter }),
  };
}
