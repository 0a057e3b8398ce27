import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Secrets } from "../sessions.ts";

/** Randomness and comparison of secrets by Node's own means. */
export const nodeSecrets: Secrets = {
  random: () => randomBytes(32).toString("base64url"),
  // Digests have one length, and tell nothing of what they are of.
  same: (one, other) => timingSafeEqual(digest(one), digest(other)),
  sign: (key, text) => createHmac("sha256", key).update(text).digest("base64url"),
};

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
