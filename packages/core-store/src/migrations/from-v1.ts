import type { EpochMs } from "@open-multi-auth/domain";
import { entriesOf, fromBaselineAccount } from "./baseline-account.ts";
import type { Draft, Drafts, EarlierShape, Fields } from "./types.ts";
import { isFields, textOf, without } from "./values.ts";

/** The baseline's first shape: accounts by alias, an active one, no settings, no version. */
export function fromV1(json: Fields, at: EpochMs): Drafts {
  return byAlias("v1", json, at);
}

/** Accounts by alias, as both of the baseline's versions have them. */
export function byAlias(shape: EarlierShape, json: Fields, at: EpochMs): Drafts {
  return {
    shape,
    drafts: entriesOf(json["accounts"]).map(([alias, entry]) => draft(alias, entry, at)),
    active: textOf(json["activeAlias"]),
    rest: without(json, new Set(["accounts", "activeAlias", "version", "encrypted"])),
  };
}

function draft(alias: string, entry: unknown, at: EpochMs): Draft {
  if (!isFields(entry)) return { key: alias, entry, fields: undefined, names: [alias] };
  const email = textOf(entry["email"])?.split("@", 1) ?? [];
  return { key: alias, entry, fields: fromBaselineAccount(entry, at), names: [alias, ...email] };
}
