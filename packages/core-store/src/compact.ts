import type { StoreV2 } from "@open-multi-auth/domain";
import type { Change } from "./pool-store.ts";

/** How deep changes are told apart: the store's fields, the accounts, the fields of each account. */
const DEPTH = 3;

/**
 * One change that does what led from `before` to `after`, field by field.
 *
 * It takes the room of the fields it sets, however many changes they were. What others change in other fields stays
 * theirs; an account that another process removed stays removed. Only counters are less exact than the changes
 * were: they are set, not added to.
 */
export function compact(before: StoreV2, after: StoreV2): Change {
  const patch = patchOf(before, after, DEPTH);
  // The same fields as a store that was checked before; what is written is checked again.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (store) => patched(store, patch) as StoreV2;
}

interface Patch {
  readonly set: ReadonlyMap<string, unknown>;
  readonly within: ReadonlyMap<string, Patch>;
  readonly gone: readonly string[];
}

function patchOf(before: object, after: object, depth: number): Patch {
  const old = new Map<string, unknown>(Object.entries(before));
  const set = new Map<string, unknown>();
  const within = new Map<string, Patch>();
  for (const [key, value] of Object.entries(after)) {
    const was = old.get(key);
    if (same(value, was)) continue;
    if (depth > 1 && isFields(was) && isFields(value)) within.set(key, patchOf(was, value, depth - 1));
    else set.set(key, value);
  }
  return { set, within, gone: [...old.keys()].filter((key) => !Object.hasOwn(after, key)) };
}

function patched(target: object, { set, within, gone }: Patch): object {
  const fields = new Map<string, unknown>(Object.entries(target));
  for (const [key, value] of set) fields.set(key, value);
  for (const [key, patch] of within) {
    const value = fields.get(key);
    if (isFields(value)) fields.set(key, patched(value, patch));
  }
  for (const key of gone) fields.delete(key);
  return Object.fromEntries(fields);
}

const isFields = (value: unknown): value is object => isObject(value) && !Array.isArray(value);

/** By value: a change may have made anew what it left as it was. */
const same = (one: unknown, other: unknown): boolean =>
  one === other || (isObject(one) && isObject(other) && JSON.stringify(one) === JSON.stringify(other));

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
