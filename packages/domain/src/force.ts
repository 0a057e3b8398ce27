import { err, ok, type Result } from "neverthrow";
import { z } from "zod";
import type { Actor } from "./actor.ts";
import { aliasSchema, type Alias } from "./ids.ts";
import type { Strategy } from "./settings.ts";
import type { StoreV2 } from "./store.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { issue, issuesOf, validationError, type ValidationError } from "./validation.ts";

/** How long a force lasts, from its first activation. */
export const FORCE_MS: DurationMs = 24 * 60 * 60_000;

/** One account pinned over any strategy. */
export interface Force {
  readonly alias: Alias;
  readonly until: EpochMs;
  readonly by: Actor | null;
  /** The strategy that holds once the force has ended. */
  readonly strategyAfter: Strategy;
}

/** The force that a store holds; whether it is over by now is `settleForce`'s to say. */
export function forceOf(store: StoreV2): Force | null {
  const { forcedAlias: alias, forcedUntil: until, forcedBy: by } = store;
  if (alias === null || until === null) return null;
  return { alias, until, by, strategyAfter: store.previousRotationStrategy ?? store.rotationStrategy };
}

/** The store with no account forced and the strategy that was to follow; the very same one if none was. */
export function withoutForce(store: StoreV2): StoreV2 {
  if (store.forcedAlias === null) return store;
  return {
    ...store,
    forcedAlias: null,
    forcedUntil: null,
    forcedBy: null,
    previousRotationStrategy: null,
    rotationStrategy: store.previousRotationStrategy ?? store.rotationStrategy,
  };
}

/** The store with another persisted strategy: at once, or where an account is forced, once that has ended. */
export function withStrategy(store: StoreV2, strategy: Strategy): StoreV2 {
  return store.forcedAlias === null
    ? { ...store, rotationStrategy: strategy }
    : { ...store, previousRotationStrategy: strategy };
}

const forceRequestSchema = z.looseObject({ alias: aliasSchema });

/**
 * Checks what a client sends to force an account.
 *
 * @returns the alias, or `VALIDATION_ERROR`: above all where it brings an end time, which is never the client's
 */
export function parseForceRequest(input: unknown): Result<{ readonly alias: Alias }, ValidationError> {
  const parsed = forceRequestSchema.safeParse(input);
  if (!parsed.success) return err(validationError(issuesOf(parsed.error, input)));
  const { alias, ...others } = parsed.data;
  const refused = Object.entries(others).map(([field, value]) =>
    issue(field, "must be left out: a force ends 24 hours after its activation", value),
  );
  return refused.length > 0 ? err(validationError(refused)) : ok({ alias });
}
