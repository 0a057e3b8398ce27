import type { KeySource } from "@open-multi-auth/core-store";
import { createKeychain, createKeySource, runTool, type Keychain } from "@open-multi-auth/core-store/node";
import { ENVIRONMENT_PREFIX } from "@open-multi-auth/domain";
import { systemClock } from "./system.ts";

type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** The keychain of this machine, through the tool of its operating system that the environment's `PATH` leads to. */
export const systemKeychain = (env: ProcessEnvironment): Keychain =>
  createKeychain(process.platform, runTool(env));

/** What {@link systemKeys} needs. */
export interface SystemKeysOptions {
  /** The process environment; `OPENCODE_MULTI_AUTH_PASSPHRASE` in it is the passphrase. */
  readonly env: ProcessEnvironment;
  /** Asks the person where the environment has none; once. */
  readonly ask?: (() => Promise<string>) | undefined;
}

/** Where this process has the keys of encrypted stores from. Each is made once: share one source between pools. */
export const systemKeys = ({ env, ask }: SystemKeysOptions): KeySource =>
  createKeySource({
    passphrase: async () => env[`${ENVIRONMENT_PREFIX}PASSPHRASE`] || (await ask?.()),
    keychain: systemKeychain(env),
    clock: systemClock,
  });
