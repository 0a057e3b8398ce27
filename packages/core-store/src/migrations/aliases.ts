import { parseAlias, type Alias } from "@open-multi-auth/domain";
import type { Draft } from "./types.ts";

/** Room for a number behind the longest stem. */
const STEM = 56;

/**
 * Names accounts: each by the first of its names that can be an alias, or by what is left of one when it is put
 * into the allowed characters. Names that are aliases already are given first, so that no other takes them.
 */
export function nameAccounts(drafts: readonly Pick<Draft, "names">[]): Alias[] {
  const taken = new Set<string>();
  const first = drafts.map(({ names }) => {
    const alias = names[0] === undefined ? undefined : aliasOf(names[0]);
    if (alias === undefined || taken.has(alias)) return undefined;
    taken.add(alias);
    return alias;
  });
  return drafts.map(({ names }, index) => {
    const alias = first[index] ?? freeAlias(names, (name) => taken.has(name));
    taken.add(alias);
    return alias;
  });
}

/** An alias made of the first name that has anything to make one of, numbered if it is taken. */
export function freeAlias(names: readonly string[], isTaken: (alias: string) => boolean): Alias {
  const stem = names.map(stemOf).find((text) => text !== "");
  for (let n = stem === undefined ? 1 : 0; ; n++) {
    const text = n === 0 ? stem : `${stem ?? "account"}-${n === 1 && stem !== undefined ? 2 : n}`;
    const alias = text === undefined || isTaken(text) ? undefined : aliasOf(text);
    if (alias !== undefined) return alias;
  }
}

/** `__proto__` is refused: it would be one where a record is written by assignment. */
function aliasOf(text: string): Alias | undefined {
  return text === "__proto__" ? undefined : parseAlias(text).unwrapOr(undefined);
}

const stemOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replaceAll(/^[-._]+|[-_]+$/g, "")
    .slice(0, STEM);
