import { changeFile, type ChangeError } from "../files/change-file.ts";
import { errnoOf, NotUtf8, readTextIfThere } from "../files/read-text.ts";
import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { parse } from "jsonc-morph";
import { z } from "zod";

/** The access token of the entry that the plugin puts into OpenCode's auth file; no login looks like it. */
const PLACEHOLDER = "open-multi-auth";

const authFileSchema = z.looseObject({ openai: z.looseObject({ access: z.literal(PLACEHOLDER) }) });

export type PlaceholderError = ChangeError | Failure<"CONFIG_UNREADABLE", { path: string; fix: string }>;

/**
 * Takes the plugin's own `openai` entry out of OpenCode's auth file. Left behind, OpenCode would try to use it as a
 * login. A real login and a file that cannot be understood are left alone.
 *
 * @returns whether there was one
 */
export async function removePlaceholder(path: string): Promise<Result<boolean, PlaceholderError>> {
  let before: string | null;
  try {
    before = await readTextIfThere(path);
  } catch (thrown) {
    if (thrown instanceof NotUtf8) return ok(false);
    const fix = `check that ${path} is a file that you may read`;
    return err(failure("CONFIG_UNREADABLE", `${path} cannot be read (${errnoOf(thrown)})`, { path, fix }));
  }
  if (before === null || !holdsPlaceholder(before)) return ok(false);
  const changed = await changeFile({ path, before, after: withoutEntry(before) });
  return changed.map(() => true);
}

function holdsPlaceholder(text: string): boolean {
  try {
    return authFileSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** The file without the entry, every other byte as it is; no file where nothing else is in it. */
function withoutEntry(text: string): string | null {
  const file = parse(text);
  const entries = file.asObjectOrThrow();
  entries.get("openai")?.remove();
  return entries.properties().length === 0 ? null : file.toString();
}
