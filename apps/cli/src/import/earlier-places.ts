import type { EarlierPlaces } from "@open-multi-auth/core-store/node";
import { ENVIRONMENT_PREFIX } from "@open-multi-auth/domain";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Context } from "../context.ts";

type Env = Context["env"];

/** The earlier plugins whose stores have a name here. */
export const EARLIER_PLUGINS = ["baseline", "crim50n", "oc-codex", "codex-ma"] as const;
export type EarlierPlugin = (typeof EARLIER_PLUGINS)[number];

export const isEarlierPlugin = (name: string): name is EarlierPlugin =>
  EARLIER_PLUGINS.some((plugin) => plugin === name);

/** Where a plugin keeps its store, the likeliest place first. Two of them share variables with us. */
export function storesOf(plugin: EarlierPlugin, env: Env): string[] {
  const home = homeOf(env);
  const config = join(home, ".config");
  const variable = (name: string): string[] =>
    env[ENVIRONMENT_PREFIX + name] ? [String(env[ENVIRONMENT_PREFIX + name])] : [];
  const named = (file: string): string[] => [
    ...variable("STORE_FILE"),
    ...variable("STORE_DIR").map((folder) => join(folder, file)),
  ];
  switch (plugin) {
    case "baseline":
      return [...named("accounts.json"), join(config, "opencode-multi-auth", "accounts.json")];
    case "crim50n":
      return [
        ...named("opencode-multi-auth-codex-accounts.json"),
        join(config, "opencode", "opencode-multi-auth-codex-accounts.json"),
      ];
    case "oc-codex":
      return [join(home, ".opencode", "oc-codex-multi-auth-accounts.json")];
    case "codex-ma":
      return [join(env["CODEX_HOME"] || join(home, ".codex"), "multi-auth", "openai-codex-accounts.json")];
    default:
      return plugin satisfies never;
  }
}

/** Where to look for what earlier plugins left; a file of ours is none of theirs. */
export function earlierPlaces(env: Env, own: string, more: readonly string[] = []): EarlierPlaces {
  const stores = [...more, ...EARLIER_PLUGINS.flatMap((plugin) => storesOf(plugin, env))];
  return {
    home: homeOf(env),
    stores: [...new Set(stores)].filter((store) => store !== own),
    own,
    credentials: env[`${ENVIRONMENT_PREFIX}AUTO_LOGIN_CREDENTIALS_FILE`] || undefined,
  };
}

const homeOf = (env: Env): string => env["HOME"] || homedir();
