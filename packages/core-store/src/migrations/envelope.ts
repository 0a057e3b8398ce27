import {
  constraintOf,
  emptyStore,
  persistedSettingsSchema,
  storeEnvelopeSchema,
  type Alias,
  type StoreV2,
  type Strategy,
} from "@open-multi-auth/domain";
import type { Issue } from "../errors.ts";
import { actorOf } from "./baseline-account.ts";
import { migrateSettings } from "./settings.ts";
import type { Drafts, Fields } from "./types.ts";
import { instantOf, isFields, textOf, without } from "./values.ts";

type Envelope = ReturnType<typeof storeEnvelopeSchema.parse>;

/** The names of ours, whose values are made anew or checked. */
const OURS: ReadonlySet<string> = new Set([...Object.keys(storeEnvelopeSchema.shape), "accounts"]);

/** Everything of a store but its accounts. A value that does not hold here is left out and reported. */
export function migrateEnvelope(
  { rest, active }: Drafts,
  aliasOf: (key: string) => Alias | undefined,
): { readonly envelope: Envelope; readonly dropped: readonly Issue[] } {
  const { accounts: _none, ...empty } = emptyStore();
  const { settings, dropped } = migrateSettings(rest["settings"], aliasOf);
  const inSettings = isFields(rest["settings"]) ? rest["settings"]["rotationStrategy"] : undefined;
  const strategy = strategyOf(inSettings) ?? strategyOf(rest["rotationStrategy"]);
  return {
    envelope: {
      ...without(rest, OURS),
      ...empty,
      activeAlias: (active === undefined ? undefined : aliasOf(active)) ?? null,
      ...(strategy !== undefined && { rotationStrategy: strategy }),
      ...force(rest, aliasOf),
      settings: persistedSettingsSchema.parse(settings),
    },
    dropped: [...dropped, ...unknownStrategy(inSettings ?? rest["rotationStrategy"])],
  };
}

type Force = Pick<StoreV2, "forcedAlias" | "forcedUntil" | "forcedBy" | "previousRotationStrategy">;

/** A force without its account or its end is none. */
function force(rest: Fields, aliasOf: (key: string) => Alias | undefined): Partial<Force> {
  const forced = textOf(rest["forcedAlias"]);
  const forcedAlias = forced === undefined ? undefined : aliasOf(forced);
  const forcedUntil = instantOf(rest["forcedUntil"]);
  if (forcedAlias === undefined || forcedUntil === undefined) return {};
  const forcedBy =
    storeEnvelopeSchema.shape.forcedBy.safeParse(actorOf(rest["forcedBy"]) ?? null).data ?? null;
  const previousRotationStrategy = strategyOf(rest["previousRotationStrategy"]) ?? null;
  return { forcedAlias, forcedUntil, forcedBy, previousRotationStrategy };
}

const strategyOf = (value: unknown): Strategy | undefined =>
  storeEnvelopeSchema.shape.rotationStrategy.safeParse(value).data;

function unknownStrategy(value: unknown): Issue[] {
  const parsed = storeEnvelopeSchema.shape.rotationStrategy.safeParse(value);
  const issue = value === undefined || value === null ? undefined : parsed.error?.issues[0];
  return issue === undefined ? [] : [{ path: "rotationStrategy", constraint: constraintOf(issue.message) }];
}
