import type { PoolPaths } from "@open-multi-auth/runtime-node";
import { readAuthFile } from "@open-multi-auth/auth-oauth/node";
import { dirname } from "node:path";
import type { Context } from "../context.ts";
import { listedPlugins } from "../opencode/listed.ts";
import { ownSpecs, pluginSpec } from "../opencode/own-specs.ts";
import { failed, fine, warning, type Finding } from "./check.ts";

/** Whether the configuration that wins lists the plugin, asked of OpenCode itself. */
export async function checkPlugin(context: Context): Promise<Finding> {
  const name = "plugin";
  const listing = await listedPlugins(context);
  if (listing.kind === "no-opencode") {
    return warning(name, "there is no `opencode` on the PATH", "install it: npm install -g opencode-ai");
  }
  if (listing.kind === "failed") {
    return failed(name, listing.why, "run `opencode debug config --pure` to see why");
  }
  const spec = pluginSpec(import.meta.dirname);
  const isOurs = ownSpecs([spec]);
  const own = listing.plugins.find((plugin) => isOurs(dirname(plugin.source ?? context.cwd))(plugin.spec));
  if (!own) return failed(name, "OpenCode does not list the plugin", "run `oma install`");
  return own.spec === spec
    ? fine(name, `OpenCode lists ${spec}`)
    : warning(name, `OpenCode lists ${own.spec}, this program brings ${spec}`, "run `oma install`");
}

/** Whether OpenCode's own login leaves room for the plugin. */
export async function checkOpenCodeLogin({ openCodeAuthFile: path }: PoolPaths): Promise<Finding> {
  const name = "opencode login";
  const logins = await readAuthFile(path, "opencode-auth-json");
  if (logins.isOk()) return fine(name, "a login of its own, which the plugin takes the place of");
  const { error } = logins;
  if (error.code === "AUTH_FILE_INVALID") return failed(name, error.message, error.details.fix);
  if (error.code === "AUTH_FILE_WITHOUT_LOGIN" && error.details.why === "api-key") {
    return warning(
      name,
      "OpenCode uses an API key for `openai`, so the plugin stays out of the way",
      "run `opencode auth logout` and choose OpenAI, if requests shall go through the pool",
    );
  }
  return fine(name, "none needed");
}

/** Whether the Codex CLI's login could be imported. */
export async function checkCodexLogin({ codexAuthFile: path }: PoolPaths): Promise<Finding> {
  const name = "codex login";
  const logins = await readAuthFile(path, "codex-auth-json");
  if (logins.isOk()) return fine(name, path);
  const { error } = logins;
  return error.code === "AUTH_FILE_INVALID"
    ? warning(name, error.message, error.details.fix)
    : fine(name, "none; only `oma import --from codex` needs one");
}
