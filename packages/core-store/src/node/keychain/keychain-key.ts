import { randomBytes } from "node:crypto";
import { failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { KeychainUnavailable } from "../../errors.ts";
import type { StoreKey } from "../../key-source.ts";
import { storeKey } from "../store-key.ts";
import type { Keychain } from "./keychain.ts";

const MASTER_BYTES = 32;
const ID_BYTES = 16;

/** A new key, kept in the keychain. It was read back, so whatever is encrypted with it can be opened again. */
export async function keychainKey(keychain: Keychain): Promise<Result<StoreKey, KeychainUnavailable>> {
  const id = randomBytes(ID_BYTES).toString("hex");
  const secret = randomBytes(MASTER_BYTES).toString("hex");
  const kept = await keychain.keep(id, secret);
  if (kept.isErr()) return err(kept.error);
  const read = await keychain.read(id);
  if (read.isErr()) return err(read.error);
  if (read.value !== secret) return err(notKept());
  return ok(storeKey({ source: "keychain", id }, Buffer.from(secret, "hex")));
}

/** The master secret in what the keychain holds. */
export const masterIn = (secret: string): Buffer | undefined =>
  new RegExp(`^[0-9a-f]{${2 * MASTER_BYTES}}$`).test(secret) ? Buffer.from(secret, "hex") : undefined;

const notKept = (): KeychainUnavailable =>
  failure("KEYCHAIN_UNAVAILABLE", "the keychain took a key and does not give it back", {
    tool: "keychain",
    fix: "unlock your keychain and try again, or use a passphrase instead",
  });
