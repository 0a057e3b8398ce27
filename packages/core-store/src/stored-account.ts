import type { Account } from "@open-multi-auth/domain";
import type { Issue } from "./errors.ts";
import { isPacked, joinHistory, PACKED, packHistory } from "./packed-history.ts";

/** An account's history as callers see it, and as a version that packs none would write it. */
const HISTORY = "rateLimitHistory";

/** The packed histories of accounts that were read, none of whose entries anybody has asked for yet. */
const unread = new WeakMap<object, string>();

/** A JSON text of each account that was read or written: accounts are immutable, and few change between two writes. */
const texts = new WeakMap<object, string>();

/** Remembers the JSON text that an account was read from. */
export const knowText = (account: object, text: string): unknown => texts.set(account, text);

/** What is wrong with the packed history of an entry, if it has one. */
export function checkPacked(alias: string, entry: Readonly<Record<string, unknown>>): Issue[] {
  if (!Object.hasOwn(entry, PACKED) || isPacked(entry[PACKED])) return [];
  return [{ path: `accounts.${alias}.${PACKED}`, constraint: "must be a packed history" }];
}

/**
 * Makes of a stored account what callers see: one with its history in full. It is unpacked when it is first asked
 * for; of most accounts, in most processes, it never is.
 */
export function unpackAccount(entry: Record<string, unknown>): void {
  const packed = entry[PACKED];
  if (typeof packed !== "string") return;
  // The caller has checked the entry.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const inFull = entry[HISTORY] as Account["rateLimitHistory"];
  Reflect.deleteProperty(entry, PACKED);
  if (inFull.length === 0) unread.set(entry, packed);
  let history: Account["rateLimitHistory"] | undefined;
  Object.defineProperty(entry, HISTORY, {
    configurable: true,
    enumerable: true,
    get: () => (history ??= joinHistory(packed, inFull)),
  });
}

/** An account as JSON on one line, its history packed where that loses nothing. */
export function accountText(account: Account): string {
  const known = texts.get(account);
  if (known !== undefined) return known;
  const fields = Object.keys(account).filter((name) => name !== PACKED);
  const text = `{${fields.flatMap((name) => fieldText(account, name)).join(",")}}`;
  texts.set(account, text);
  return text;
}

/** The packed history of an account; `undefined` where it cannot be packed. */
export const packedHistoryOf = (account: Account): string | undefined =>
  unread.get(account) ?? packHistory(account.rateLimitHistory);

function fieldText(account: Account, name: string): string[] {
  const packed = name === HISTORY ? packedHistoryOf(account) : undefined;
  if (packed !== undefined) return [`"${HISTORY}":[],"${PACKED}":${JSON.stringify(packed)}`];
  const value = JSON.stringify(account[name]);
  return value === undefined ? [] : [`${JSON.stringify(name)}:${value}`];
}
