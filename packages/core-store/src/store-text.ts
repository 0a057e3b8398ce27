import type { StoreV2 } from "@open-multi-auth/domain";
import { accountText } from "./stored-account.ts";

/** A store as its file holds it: JSON, with each account on a line of its own. `parseStore` reads it. */
export const storeText = (store: StoreV2): string => piecesOf(store).join("");

/** Whether `storeText` would give this text; told without making another one of it. */
export function isTextOf(text: string, store: StoreV2): boolean {
  let at = 0;
  for (const piece of piecesOf(store)) {
    const end = at + piece.length;
    // Several times faster than `startsWith`.
    if (text.slice(at, end) !== piece) return false;
    at = end;
  }
  return at === text.length;
}

function piecesOf(store: StoreV2): string[] {
  const fields = Object.entries(store).flatMap(([name, value]) => {
    if (name === "accounts") return [[`"accounts":`, ...accountPieces(store.accounts)]];
    const text = JSON.stringify(value);
    return text === undefined ? [] : [[`${JSON.stringify(name)}:${text}`]];
  });
  return ["{", ...fields.flatMap((field, index) => (index === 0 ? field : [",", ...field])), "}\n"];
}

function accountPieces(accounts: StoreV2["accounts"]): string[] {
  const lines = Object.entries(accounts).flatMap(([alias, account], index) => [
    `${index === 0 ? "" : ","}\n${JSON.stringify(alias)}:`,
    accountText(account),
  ]);
  return lines.length === 0 ? ["{}"] : ["{", ...lines, "\n}"];
}
