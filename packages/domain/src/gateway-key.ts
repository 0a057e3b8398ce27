import { err, ok, type Result } from "neverthrow";
import { z } from "zod";
import { actorSchema } from "./actor.ts";
import { failure, type Failure } from "./failure.ts";
import { redact } from "./redact.ts";
import type { StoreV2 } from "./store.ts";
import { epochMsSchema } from "./time.ts";

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** A key that opens the gateway, as it is stored: enough to know it again, nothing to use it by. */
export const gatewayKeySchema = z.looseObject({
  /** The person's name for it: 1 to 64 letters, digits, `.`, `_` or `-`. */
  name: z.string().regex(NAME),
  /** SHA-256 of the key, in hexadecimal digits. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: epochMsSchema,
  createdBy: actorSchema,
});
export type GatewayKey = z.infer<typeof gatewayKeySchema>;

export type GatewayKeyError =
  /** Another name is of the allowed form. */
  | Failure<"KEY_NAME_INVALID", { name: string }>
  /** A key has this name: choose another, or revoke that one. */
  | Failure<"KEY_NAME_TAKEN", { name: string }>;
export type GatewayKeyNotFound = Failure<"KEY_NOT_FOUND", { name: string }>;

/**
 * Adds a key.
 *
 * @returns the store with it, `KEY_NAME_INVALID` or `KEY_NAME_TAKEN`
 */
export function addGatewayKey(store: StoreV2, key: GatewayKey): Result<StoreV2, GatewayKeyError> {
  const { name } = key;
  if (!NAME.test(name)) {
    const shown = redact(name).slice(0, 64);
    return err(
      failure("KEY_NAME_INVALID", "a key's name is 1 to 64 letters, digits, '.', '_' or '-'", {
        name: shown,
      }),
    );
  }
  const keys = store.gatewayKeys ?? [];
  if (keys.some((other) => other.name === name))
    return err(failure("KEY_NAME_TAKEN", `there is a key called "${name}"`, { name }));
  return ok({ ...store, gatewayKeys: [...keys, key] });
}

/**
 * Takes a key away: whoever has it is refused from now on.
 *
 * @returns the store without it, or `KEY_NOT_FOUND`
 */
export function revokeGatewayKey(store: StoreV2, name: string): Result<StoreV2, GatewayKeyNotFound> {
  const keys = store.gatewayKeys ?? [];
  const kept = keys.filter((key) => key.name !== name);
  if (kept.length === keys.length) {
    const shown = redact(name).slice(0, 64);
    return err(failure("KEY_NOT_FOUND", `no key is called "${shown}"`, { name: shown }));
  }
  return ok({ ...store, gatewayKeys: kept });
}
