import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { damaged, type BackupDamaged, type PassphraseWrong } from "../backup-errors.ts";
import { authenticated, type Sealed } from "../backup-format.ts";
import { COST, deriveKey, newSalt } from "./derive-key.ts";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a text by AES-256-GCM under a key made of the passphrase by scrypt. */
export async function seal(text: string, passphrase: string, createdAt: string): Promise<Sealed> {
  const salt = newSalt();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", await deriveKey(passphrase, salt, COST), iv);
  cipher.setAAD(Buffer.from(authenticated(createdAt, COST, salt)));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return {
    cost: COST,
    salt,
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    data: data.toString("base64"),
  };
}

/** The bytes inside, if the passphrase is right and nothing was altered. */
export async function unseal(
  { cost, salt, iv, tag, data }: Sealed,
  passphrase: string,
  createdAt: string,
): Promise<Result<Uint8Array, BackupDamaged | PassphraseWrong>> {
  const [ivBytes, tagBytes] = [Buffer.from(iv, "base64"), Buffer.from(tag, "base64")];
  // A shorter tag would be accepted, and is easier to forge.
  if (ivBytes.length !== IV_BYTES || tagBytes.length !== TAG_BYTES) {
    return err(damaged("its seal has the wrong length"));
  }
  const decipher = createDecipheriv("aes-256-gcm", await deriveKey(passphrase, salt, cost), ivBytes);
  decipher.setAAD(Buffer.from(authenticated(createdAt, cost, salt)));
  decipher.setAuthTag(tagBytes);
  try {
    return ok(Buffer.concat([decipher.update(data, "base64"), decipher.final()]));
  } catch {
    return err(
      failure("PASSPHRASE_WRONG", "the passphrase does not open this backup, or it was altered", {}),
    );
  }
}
