import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../version.ts";
import type { IsOurs } from "./edit-config.ts";

/** The npm name of the plugin. */
export const PLUGIN_NAME = "@open-multi-auth/opencode";

/**
 * What OpenCode's configuration must name for this very version of the plugin: the npm package at an exact version,
 * or, where this program runs out of a checkout, the bundled file beside it.
 *
 * @param here the folder of the running program's code
 */
export function pluginSpec(here: string): string {
  const file = join(packageFolder(here), "..", "plugin", "dist", "plugin.js");
  return existsSync(file) && packageOf(file) === PLUGIN_NAME ? file : `${PLUGIN_NAME}@${VERSION}`;
}

/** The nearest folder upwards that is a package. */
function packageFolder(here: string): string {
  const above = dirname(here);
  return existsSync(join(here, "package.json")) || above === here ? here : packageFolder(above);
}

/** Recognises every entry of ours: the package at any version, its bundled file anywhere, and `known` specs. */
export function ownSpecs(known: readonly string[]): (folder: string) => IsOurs {
  const paths = new Set(known.map((spec) => toPath(spec)));
  return (folder) => (spec) => {
    if (spec === PLUGIN_NAME || spec.startsWith(`${PLUGIN_NAME}@`)) return true;
    const path = toPath(spec);
    if (paths.has(path)) return true;
    const absolute = isAbsolute(path) ? path : resolve(folder, path);
    return paths.has(absolute) || (/\.[cm]?js$/.test(absolute) && packageOf(absolute) === PLUGIN_NAME);
  };
}

/** OpenCode shows paths as file URLs. */
export function toPath(spec: string): string {
  try {
    return spec.startsWith("file://") ? fileURLToPath(spec) : spec;
  } catch {
    return spec;
  }
}

/** The name of the package that a file in `dist/` belongs to. */
function packageOf(file: string): string | undefined {
  try {
    const text = readFileSync(join(dirname(file), "..", "package.json"), "utf8");
    const manifest: unknown = JSON.parse(text);
    const named = typeof manifest === "object" && manifest !== null && "name" in manifest;
    return named && typeof manifest.name === "string" ? manifest.name : undefined;
  } catch {
    return undefined;
  }
}
