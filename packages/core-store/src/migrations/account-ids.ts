import { accountId, type AccountId } from "@open-multi-auth/domain";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Fields } from "./types.ts";
import { textOf } from "./values.ts";

/**
 * The id of a migrated account: a hash of who it is, so that the same file always gives the same ids.
 *
 * @param taken ids given before; two entries of one identity get different ones
 */
export function deriveId(fields: Fields, alias: string, taken: ReadonlySet<string>): AccountId {
  const identity = JSON.stringify(identityOf(fields) ?? ["alias", alias]);
  for (let n = 1; ; n++) {
    const id = hash(n === 1 ? identity : `${identity}#${n}`);
    if (!taken.has(id)) return accountId(id);
  }
}

/** What names the pair of user and workspace best; without any of it only the alias is left. */
function identityOf(fields: Fields): string[] | undefined {
  const accountUserId = textOf(fields["accountUserId"]);
  if (accountUserId !== undefined) return ["accountUserId", accountUserId];
  const workspace = textOf(fields["accountId"]) ?? "";
  const userId = textOf(fields["userId"]);
  if (userId !== undefined) return ["userId", userId, workspace];
  const email = textOf(fields["email"]);
  return email === undefined ? undefined : ["email", email.toLowerCase(), workspace];
}

const hash = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 32);
