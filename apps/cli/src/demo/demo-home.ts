import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A throw-away home in which OpenCode sees nothing of this machine and needs no network. */
export interface DemoHome {
  readonly work: string;
  /** The whole environment of OpenCode and of the pool in it. */
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

interface Addresses {
  readonly backendUrl: string;
  readonly issuerUrl: string;
}

/** Creates it, with our plugin in its configuration and the simulator as the upstream. */
export async function createDemoHome(
  plugin: string,
  { backendUrl, issuerUrl }: Addresses,
): Promise<DemoHome> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "oma-demo-")));
  const [work, config, temp] = [join(home, "work"), join(home, ".config", "opencode"), join(home, "tmp")];
  // OpenCode takes a folder with this much in it for complete, and does not install its plugin package there.
  await mkdir(join(config, "node_modules"), { recursive: true });
  await mkdir(join(work, ".git"), { recursive: true });
  await mkdir(temp);
  const lock = { lockfileVersion: 3, packages: { "": { dependencies: { "@opencode-ai/plugin": "*" } } } };
  await writeFile(join(config, "package-lock.json"), JSON.stringify(lock));
  await writeFile(join(config, "opencode.json"), JSON.stringify(openCodeConfig(plugin), null, 2));
  return {
    work,
    env: {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      TMPDIR: temp,
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local", "share"),
      XDG_STATE_HOME: join(home, ".local", "state"),
      XDG_CACHE_HOME: join(home, ".cache"),
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_SHARE: "1",
      OPENCODE_MULTI_AUTH_UPSTREAM_URL: backendUrl,
      OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL: issuerUrl,
    },
    dispose: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function openCodeConfig(plugin: string): object {
  return {
    $schema: "https://opencode.ai/config.json",
    model: "openai/gpt-5.5",
    small_model: "openai/gpt-5.5",
    autoupdate: false,
    share: "disabled",
    snapshot: false,
    plugin: [pathToFileURL(plugin).href],
  };
}
