import { isSettingName, SETTINGS_DEFAULTS } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { usage, type UsageError } from "../usage.ts";

/** A change of settings by setting and, where it has some, by part. */
export type Patch = Record<string, unknown>;

/** The change that words such as `criticalThreshold=5`, or a name and its value as two words, ask for. */
export function patchOf(words: readonly string[]): Result<Patch, UsageError> {
  if (words.length === 0) return err(usage("settings", "`set` takes at least one name=value"));
  const patch: Patch = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const equals = word.indexOf("=");
    const value = equals === -1 ? words[++index] : word.slice(equals + 1);
    const path = equals === -1 ? word : word.slice(0, equals);
    if (value === undefined) return err(usage("settings", `${word} has no value: write ${word}=value`));
    put(patch, path, isList(path) ? listOf(value) : valueOf(value));
  }
  return ok(patch);
}

/** The change that puts these back to their defaults. */
export function defaultsFor(paths: readonly string[]): Patch {
  const patch: Patch = {};
  for (const path of paths) put(patch, path, null);
  return patch;
}

/** What follows the first dot is a part: an alias may have dots of its own. */
function put(patch: Patch, path: string, value: unknown): void {
  const dot = path.indexOf(".");
  if (dot === -1) return define(patch, path, value);
  const [name, part] = [path.slice(0, dot), path.slice(dot + 1)];
  const known = Object.hasOwn(patch, name) ? patch[name] : undefined;
  const parts: Patch = typeof known === "object" && known !== null ? { ...known } : {};
  define(parts, part, value);
  define(patch, name, parts);
}

/** Whatever it is called: `__proto__` is a name like any other here. */
function define(record: Patch, name: string, value: unknown): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}

const isList = (name: string): boolean => isSettingName(name) && Array.isArray(SETTINGS_DEFAULTS[name]);

/** As the environment has lists: comma separated. */
const listOf = (text: string): string[] => text.split(",").map((part) => part.trim());

/** Numbers, true, false and JSON objects are what they look like; all else is text. */
function valueOf(text: string): unknown {
  if (!/^(?:-?[\d.]+(?:e-?\d+)?|true|false|\{.*\})$/i.test(text)) return text;
  try {
    return JSON.parse(
      text.toLowerCase() === "true" || text.toLowerCase() === "false" ? text.toLowerCase() : text,
    );
  } catch {
    return text;
  }
}
