import manifest from "../package.json" with { type: "json" };

/** The version of this program, which is also that of the plugin it installs. */
export const VERSION: string = manifest.version;
