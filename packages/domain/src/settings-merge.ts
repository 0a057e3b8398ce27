import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";
import { settingsSchema, type PersistedSettings } from "./settings.ts";
import { SETTINGS_DEFAULTS } from "./settings-defaults.ts";
import { issue, issuesOf, type ValidationIssue } from "./validation.ts";

const {
  health,
  notifications,
  featureFlags,
  accountWeights,
  reservePercent,
  rotationStrategy: _own,
  ...plain
} = settingsSchema.shape;

/** Settings of one value. */
const PLAIN: Readonly<Record<string, z.ZodType>> = plain;
/** Settings of named parts. */
const GROUPS: Readonly<Record<string, z.ZodObject>> = { health, notifications, featureFlags };
/** Settings with a value per alias. */
const BY_ALIAS: Readonly<Record<string, z.ZodType>> = {
  accountWeights: accountWeights.valueType,
  reservePercent: reservePercent.valueType,
};

interface Change {
  /** What the patch has for the setting; `null` goes back to the default. */
  readonly value: unknown;
  /** The accounts of the store, by alias. */
  readonly accounts: Readonly<Record<string, unknown>>;
}

type Merged = Result<PersistedSettings, ValidationIssue[]>;

/** The persisted settings with one of them changed as a merge patch says, or what is wrong with the change. */
export function mergeSetting(settings: PersistedSettings, name: string, change: Change): Merged {
  const { value } = change;
  const schema = own(PLAIN, name);
  const group = own(GROUPS, name);
  const perAlias = own(BY_ALIAS, name);
  if (!schema && !group && !perAlias)
    return err([issue(name, "must be left out: there is no such setting", value)]);
  if (value === null) return ok(without(settings, name));
  if (schema) return checked(schema, value, [name]).map(() => ({ ...settings, [name]: value }));
  if (typeof value !== "object" || Array.isArray(value))
    return err([issue(name, "must be an object", value)]);
  const parts = Object.entries(value ?? {});
  return group
    ? mergeGroup(settings, { name, group, parts })
    : mergeAliases(settings, { name, schema: perAlias!, parts, accounts: change.accounts });
}

interface Parts {
  readonly name: string;
  readonly parts: readonly (readonly [key: string, value: unknown])[];
}

/** A group is kept whole: its parts that were never chosen stay at their default. */
function mergeGroup(
  settings: PersistedSettings,
  { name, group, parts }: Parts & { group: z.ZodObject },
): Merged {
  const defaults = new Map<string, unknown>(Object.entries(entry(SETTINGS_DEFAULTS, name) ?? {}));
  const issues = parts.flatMap(([key, value]) => {
    if (!defaults.has(key))
      return [issue(`${name}.${key}`, "must be left out: there is no such setting", value)];
    return [];
  });
  if (issues.length > 0) return err(issues);
  const before = Object.entries(entry(settings, name) ?? {});
  const changes = parts.map(([key, value]) => [key, value === null ? defaults.get(key) : value] as const);
  const merged = Object.fromEntries([...defaults, ...before, ...changes]);
  const isDefault = [...defaults].every(([key, value]) => merged[key] === value);
  return checked(group, merged, [name]).map(() =>
    isDefault ? without(settings, name) : { ...settings, [name]: merged },
  );
}

function mergeAliases(
  settings: PersistedSettings,
  { name, schema, parts, accounts }: Parts & { schema: z.ZodType; accounts: Change["accounts"] },
): Merged {
  const issues = parts.flatMap(([alias, value]) => {
    if (value === null) return [];
    if (!Object.hasOwn(accounts, alias))
      return [issue(`${name}.${alias}`, "must name an account of the pool", value)];
    return checked(schema, value, [name, alias]).match(
      () => [],
      (found) => found,
    );
  });
  if (issues.length > 0) return err(issues);
  const merged = new Map<string, unknown>([...Object.entries(entry(settings, name) ?? {}), ...parts]);
  const kept = [...merged].filter(([, value]) => value !== null);
  return ok(kept.length === 0 ? without(settings, name) : { ...settings, [name]: Object.fromEntries(kept) });
}

function checked(
  schema: z.ZodType,
  value: unknown,
  path: readonly string[],
): Result<void, ValidationIssue[]> {
  const { error } = schema.safeParse(value);
  return error ? err(issuesOf(error, value, path)) : ok();
}

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const entry = (settings: object, name: string): object | undefined =>
  Object.entries(settings).find(([known]) => known === name)?.[1];

const without = (settings: PersistedSettings, name: string): PersistedSettings =>
  Object.fromEntries(Object.entries(settings).filter(([known]) => known !== name));
