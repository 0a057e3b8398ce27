import { encryptionOf } from "@open-multi-auth/core-store/node";
import { KEY_NAMES } from "../present/encryption.ts";
import { failedWith, fine, warning, type Finding } from "./check.ts";

/** Whether the store is encrypted, and all of its copies with it. */
export async function checkEncryption(storeFile: string): Promise<Finding> {
  const name = "encryption";
  const found = await encryptionOf(storeFile);
  if (found.isErr()) return failedWith(name, found.error);
  const { store, others } = found.value;
  if (others.length > 0) {
    const files = others.join(", ");
    return store === "off"
      ? warning(name, `off, but these are encrypted: ${files}`, "run `oma decrypt`")
      : warning(name, `on, but these are in the open: ${files}`, "run `oma encrypt`, or delete them");
  }
  return fine(name, store === "off" ? "off; `oma encrypt` turns it on" : `on, with ${KEY_NAMES[store]}`);
}
