import { constraintOf, persistedSettingsSchema, type Alias } from "@open-multi-auth/domain";
import type { Issue } from "../errors.ts";
import type { Fields } from "./types.ts";
import { isFields } from "./values.ts";

const KNOWN = new Map(Object.entries(persistedSettingsSchema.shape));

/** Settings in our words, and what had to be left out: one bad value does not cost the others. */
export function migrateSettings(
  settings: unknown,
  aliasOf: (key: string) => Alias | undefined,
): { readonly settings: Fields; readonly dropped: readonly Issue[] } {
  const dropped: Issue[] = [];
  const kept: [string, unknown][] = [];
  const entries = isFields(settings) ? Object.entries(settings) : [];
  for (const [name, value] of entries.filter(([setting]) => setting !== "rotationStrategy")) {
    const taken = name === "accountWeights" ? weights(value, aliasOf, dropped) : value;
    const issue = KNOWN.get(name)?.safeParse(taken).error?.issues[0];
    if (issue === undefined) kept.push([name, taken]);
    else dropped.push({ path: `settings.${name}`, constraint: constraintOf(issue.message) });
  }
  return { settings: Object.fromEntries(kept), dropped };
}

/** Weights go with their accounts; those of nobody, and of an account that shall get nothing, have no meaning here. */
function weights(value: unknown, aliasOf: (key: string) => Alias | undefined, dropped: Issue[]): unknown {
  if (!isFields(value)) return value;
  const kept: [string, number][] = [];
  for (const [key, weight] of Object.entries(value)) {
    const alias = aliasOf(key);
    const valid = typeof weight === "number" && weight > 0 && weight <= 1;
    if (alias === undefined || !valid) {
      const constraint = valid ? "must be an account of this store" : "must be above 0 and at most 1";
      dropped.push({ path: `settings.accountWeights.${key}`, constraint });
    } else kept.push([alias, weight]);
  }
  return Object.fromEntries(kept);
}
