import { z } from "zod";
import { actorSchema } from "./actor.ts";
import { forceOf } from "./force.ts";
import { aliasSchema } from "./ids.ts";
import { strategySchema } from "./settings.ts";
import type { StoreV2 } from "./store.ts";
import { toIso } from "./time.ts";

/** Force mode as the API and `oma force --json` show it. */
export const forceViewSchema = z.object({
  active: z.boolean(),
  alias: aliasSchema.optional(),
  /** When it ends by itself, ISO-8601 UTC. */
  until: z.iso.datetime().optional(),
  by: actorSchema.optional(),
  /** The persisted strategy: the one that holds once nothing is forced. */
  strategy: strategySchema,
});
export type ForceView = z.infer<typeof forceViewSchema>;

/** Makes the view of a store whose force was settled. */
export function forceView(store: StoreV2): ForceView {
  const force = forceOf(store);
  if (!force) return { active: false, strategy: store.rotationStrategy };
  const { alias, until, by, strategyAfter } = force;
  const ends = toIso(until);
  return {
    active: true,
    alias,
    ...(ends !== undefined && { until: ends }),
    ...(by && { by }),
    strategy: strategyAfter,
  };
}
