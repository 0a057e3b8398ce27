import { join } from "node:path";

/** The folders of one OpenCode run, all inside `home`. */
export interface OpenCodeFolders {
  readonly home: string;
  /** Where runs start: an empty git repository, so that OpenCode looks no further up for a project's files. */
  readonly work: string;
  /** `$XDG_CONFIG_HOME/opencode`. */
  readonly config: string;
  /** `$XDG_DATA_HOME/opencode`: auth.json, the sessions' database, the log. */
  readonly data: string;
  readonly temp: string;
}

export function openCodeFolders(home: string): OpenCodeFolders {
  return {
    home,
    work: join(home, "work"),
    config: join(home, ".config", "opencode"),
    data: join(home, ".local", "share", "opencode"),
    temp: join(home, "tmp"),
  };
}

/**
 * All that OpenCode gets to see: nothing of the caller's environment, and every switch that keeps it off the
 * network. `PATH` leads to the system's git and shell only.
 */
export function openCodeEnvironment({ home, temp }: OpenCodeFolders): Record<string, string> {
  return {
    HOME: home,
    PATH: "/usr/local/bin:/usr/bin:/bin",
    TMPDIR: temp,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    TERM: "dumb",
    NO_COLOR: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_DISABLE_SHARE: "1",
  };
}

/** What OpenCode is told to do, unless a test says otherwise. */
export function openCodeConfig(pluginUrls: readonly string[]): Record<string, unknown> {
  return {
    $schema: "https://opencode.ai/config.json",
    model: "openai/gpt-5.5",
    small_model: "openai/gpt-5.5",
    autoupdate: false,
    share: "disabled",
    snapshot: false,
    plugin: pluginUrls,
  };
}
