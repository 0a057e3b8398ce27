import type { EpochMs } from "@open-multi-auth/domain";
import { fromBaselineAccount } from "./baseline-account.ts";
import type { Draft, Drafts, EarlierShape, Fields } from "./types.ts";
import { isFields, textOf, without } from "./values.ts";

/** A list of accounts without aliases, with the index of the active one. */
export function fromAccountList(json: Fields, at: EpochMs): Drafts {
  return listed("account-list", json, (entry) => fromBaselineAccount(entry, at));
}

/** Any list of accounts; they are called by their label, or else by their e-mail address. */
export function listed(shape: EarlierShape, json: Fields, fieldsOf: (entry: Fields) => Fields): Drafts {
  const accounts: readonly unknown[] = Array.isArray(json["accounts"]) ? json["accounts"] : [];
  const { activeIndex } = json;
  return {
    shape,
    drafts: accounts.map((entry, index) => draft(String(index), entry, fieldsOf)),
    active: typeof activeIndex === "number" ? String(activeIndex) : undefined,
    rest: without(json, new Set(["accounts", "version", "encrypted"])),
  };
}

function draft(key: string, entry: unknown, fieldsOf: (entry: Fields) => Fields): Draft {
  if (!isFields(entry)) return { key, entry, fields: undefined, names: [] };
  const email = textOf(entry["email"])?.split("@", 1)[0];
  const names = [entry["alias"], entry["accountLabel"], email].flatMap((name) => textOf(name) ?? []);
  return { key, entry, fields: fieldsOf(entry), names };
}
