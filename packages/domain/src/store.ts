import { z } from "zod";
import { accountSchema, type Account } from "./account.ts";
import { actorSchema } from "./actor.ts";
import { gatewayKeySchema } from "./gateway-key.ts";
import { accountIdSchema, aliasSchema } from "./ids.ts";
import { persistedSettingsSchema, strategySchema } from "./settings.ts";
import { epochMsSchema } from "./time.ts";

/** Fairness state of the strategies; survives restarts and changes of membership. */
export const rotationStateSchema = z.looseObject({
  /** Placements so far beyond the first of each process. */
  cursor: z.number().int().min(0),
  /** Taken at process start, so that processes begin apart. */
  starts: z.number().int().min(0),
  /** The account placed last, by its place in the linking order, which it keeps to mark after it is removed. */
  last: z.looseObject({ id: accountIdSchema, addedAt: epochMsSchema }).optional(),
  /** Smooth weights by account: by how many placements each is behind its share. */
  current: z.record(z.string(), z.number()),
});
export type RotationState = z.infer<typeof rotationStateSchema>;

/** Which account a conversation lives on, and when it was last used. */
export const affinitySchema = z.record(
  z.string(),
  z.looseObject({ accountId: accountIdSchema, at: epochMsSchema }),
);
export type Affinity = z.infer<typeof affinitySchema>;

/** The store without its accounts: a malformed one of these is the whole file's fault. */
export const storeEnvelopeSchema = z.looseObject({
  version: z.literal(2),
  activeAlias: aliasSchema.nullable(),
  rotationStrategy: strategySchema,
  forcedAlias: aliasSchema.nullable(),
  forcedUntil: epochMsSchema.nullable(),
  forcedBy: actorSchema.nullable(),
  previousRotationStrategy: strategySchema.nullable(),
  settings: persistedSettingsSchema,
  rotation: rotationStateSchema,
  affinity: affinitySchema.optional(),
  gatewayKeys: z.array(gatewayKeySchema).optional(),
});

/**
 * `store.json`, version 2: all that processes share. Treated as immutable.
 *
 * Check with it and keep what was read: zod's copy lacks entries called `__proto__`, which an alias may be.
 */
export const storeSchema = z.looseObject({
  ...storeEnvelopeSchema.shape,
  accounts: z.record(aliasSchema, accountSchema),
});
export type StoreV2 = z.infer<typeof storeSchema>;

/** A store with nothing in it. */
export function emptyStore(): StoreV2 {
  return {
    version: 2,
    accounts: {},
    activeAlias: null,
    rotationStrategy: "round-robin",
    forcedAlias: null,
    forcedUntil: null,
    forcedBy: null,
    previousRotationStrategy: null,
    settings: {},
    rotation: { cursor: 0, starts: 0, current: {} },
  };
}

/** The accounts in the order of linking, which is stable under renames. */
export function accountsOf(store: StoreV2): readonly Account[] {
  return Object.values(store.accounts).toSorted((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1));
}
