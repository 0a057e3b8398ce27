import type { KeySource } from "@open-multi-auth/core-store";
import { systemKeys } from "@open-multi-auth/runtime-node";
import type { Context } from "./context.ts";

/** Where a command has the keys of an encrypted store from: the environment, the keychain, or a person at a terminal. */
export const keysOf = ({ env, interactive, askSecret }: Context): KeySource =>
  systemKeys({ env, ask: interactive ? () => askSecret("Passphrase of the account store:") : undefined });
