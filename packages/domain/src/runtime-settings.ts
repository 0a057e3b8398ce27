import { runtimeSettingsSchema, type RuntimeSettings } from "./settings.ts";
import { issue, issuesOf, type ValidationIssue } from "./validation.ts";

/** What a project's configuration chose, and what of it is not used. */
export interface ParsedRuntimeSettings {
  readonly settings: RuntimeSettings;
  readonly issues: readonly ValidationIssue[];
}

/**
 * Takes the settings that a project may choose out of whatever its configuration holds: an allow-list.
 *
 * One bad option does not cost the others; a cloned repository must not break the host either.
 */
export function parseRuntimeSettings(options: unknown): ParsedRuntimeSettings {
  if (options === undefined) return { settings: {}, issues: [] };
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return { settings: {}, issues: [issue("options", "must be an object", options)] };
  }
  const settings: RuntimeSettings = {};
  const issues: ValidationIssue[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(runtimeSettingsSchema.shape, name)) {
      issues.push(issue(name, "must be left out: a project cannot choose it"));
      continue;
    }
    const parsed = runtimeSettingsSchema.safeParse({ [name]: value });
    if (parsed.success) Object.assign(settings, parsed.data);
    else issues.push(...issuesOf(parsed.error, { [name]: value }));
  }
  return { settings, issues };
}
