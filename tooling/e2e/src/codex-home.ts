import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the Codex CLI finds its upstream, and who it is signed in as. */
export interface CodexHomeOptions {
  readonly backendUrl: string;
  readonly issuerUrl: string;
  /** Its own provider, as on a person's machine, over https; `authority` (PEM) is what it trusts. */
  readonly builtIn?: { readonly authority: string };
  /** Content of `auth.json`; without it there is none. */
  readonly auth?: unknown;
  /** Laid over the environment of every run. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A throw-away home in which the Codex CLI runs as on a machine of its own. */
export interface CodexHome {
  readonly home: string;
  /** Where runs start: an empty folder, no repository. */
  readonly work: string;
  /** `$CODEX_HOME`: configuration, login, sessions. */
  readonly codexHome: string;
  readonly authFile: string;
  /** The whole environment of a run. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes everything; runs in it must have ended. */
  dispose(): Promise<void>;
}

/** Builds a home in which the Codex CLI talks to this upstream only and sees nothing of the caller's machine. */
export async function createCodexHome(options: CodexHomeOptions): Promise<CodexHome> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "oma-codex-")));
  const [work, temp, codexHome] = [join(home, "work"), join(home, "tmp"), join(home, ".codex")];
  for (const folder of [work, temp, codexHome]) await mkdir(folder);
  const authFile = join(codexHome, "auth.json");
  await writeFile(join(codexHome, "config.toml"), codexConfig(options));
  const authority = join(home, "authority.pem");
  if (options.builtIn !== undefined) await writeFile(authority, options.builtIn.authority);
  if (options.auth !== undefined) await writeFile(authFile, JSON.stringify(options.auth), { mode: 0o600 });
  return {
    home,
    work,
    codexHome,
    authFile,
    env: {
      ...codexEnvironment({ home, temp, codexHome }, options.issuerUrl),
      ...(options.builtIn !== undefined && { CODEX_CA_CERTIFICATE: authority }),
      ...options.env,
    },
    dispose: () => rm(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Every proxied request ends at a port where nobody listens, so that nothing but loopback can be reached. */
const NOWHERE = "http://127.0.0.1:9";

function codexEnvironment(
  { home, temp, codexHome }: { home: string; temp: string; codexHome: string },
  issuerUrl: string,
): Record<string, string> {
  return {
    HOME: home,
    CODEX_HOME: codexHome,
    TMPDIR: temp,
    PATH: "/usr/local/bin:/usr/bin:/bin",
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${issuerUrl}/oauth/token`,
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: `${issuerUrl}/oauth/revoke`,
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    ALL_PROXY: NOWHERE,
    NO_PROXY: "127.0.0.1,localhost",
  };
}

/** What is switched off would only ask other servers. */
function codexConfig({ backendUrl, builtIn }: CodexHomeOptions): string {
  return `model = "gpt-5.5"
chatgpt_base_url = "${backendUrl}"
web_search = "disabled"
${builtIn === undefined ? ownProvider(backendUrl) : ""}
[analytics]
enabled = false

[features]
apps = false
plugins = false
remote_plugin = false
tool_suggest = false
unbounded_connection_retries = false
`;
}

/** The built-in one asks the upstream which host to talk to, and takes https only. */
function ownProvider(backendUrl: string): string {
  return `model_provider = "simulated"

[model_providers.simulated]
name = "simulated"
base_url = "${backendUrl}/codex"
wire_api = "responses"
requires_openai_auth = true
supports_websockets = false
request_max_retries = 0
stream_max_retries = 0
`;
}
