import type { Alias, StoreV2 } from "@open-multi-auth/domain";
import type { Issue } from "../errors.ts";
import type { BrokenAccount } from "../parse-store.ts";

/**
 * Shapes of earlier plugins' stores: the baseline's accounts by alias before and since its version 2, and lists of
 * accounts, plain or with labels, families of models and workspaces.
 */
export type EarlierShape = "v1" | "baseline-v2" | "account-list" | "labelled-list";

/** What a migration could not take over as it stood. Paths are those of the earlier file; no value is repeated. */
export interface MigrationReport {
  readonly shape: EarlierShape;
  /** Entries that are no accounts, whole, and what is wrong with each. */
  readonly broken: readonly BrokenAccount[];
  /** Aliases that had to change, by what they were; the empty text stands for none. */
  readonly renamed: readonly { readonly from: string; readonly to: Alias }[];
  /** Values that were left out of what was taken over. */
  readonly dropped: readonly Issue[];
}

/** A store of version 2, and what became of the earlier one on the way. */
export interface Migrated {
  readonly store: StoreV2;
  readonly report: MigrationReport;
}

/** An entry of an earlier store on its way: its place there, and its fields in our words. */
export interface Draft {
  /** Its alias, or its index in a list. */
  readonly key: string;
  readonly entry: unknown;
  /** Unset where the entry is no object. */
  readonly fields: Fields | undefined;
  /** What it would like to be called: the first of these that can be an alias. */
  readonly names: readonly string[];
}

export type Fields = Readonly<Record<string, unknown>>;

/** An earlier store in our words, before its accounts are named, numbered and checked. */
export interface Drafts {
  readonly shape: EarlierShape;
  readonly drafts: readonly Draft[];
  /** The key of the active entry. */
  readonly active: string | undefined;
  /** All of the file but its accounts. */
  readonly rest: Fields;
}
