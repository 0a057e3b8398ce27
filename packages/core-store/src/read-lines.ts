import type { StoreV2 } from "@open-multi-auth/domain";
import { accountText, knowText } from "./stored-account.ts";

/**
 * Reads a text in the layout of `storeText` line by line, taking over the accounts of an earlier state whose lines
 * are the same.
 *
 * A guess, for the caller to verify: a text of another layout may give anything.
 */
export function readLines(text: string, before: StoreV2 | undefined): Record<string, unknown> | undefined {
  const lines = text.split("\n");
  const known = new Map(Object.entries(before?.accounts ?? {}));
  const read = (line: string): [string, unknown] => {
    const alias = line.slice(1, line.indexOf('":'));
    const json = line.slice(alias.length + 3, line.endsWith(",") ? -1 : undefined);
    const account = known.get(alias);
    return [alias, account !== undefined && accountText(account) === json ? account : readAccount(json)];
  };
  try {
    const fields: object = JSON.parse(`${lines[0]}${lines.at(-2)}`);
    return { ...fields, accounts: Object.fromEntries(lines.slice(1, -2).map(read)) };
  } catch {
    return undefined;
  }
}

function readAccount(json: string): unknown {
  const account: unknown = JSON.parse(json);
  if (typeof account === "object" && account !== null) knowText(account, json);
  return account;
}
