import { failure, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { errnoOf, NotUtf8, readTextIfThere } from "../files/read-text.ts";
import type { ConfigFile, ConfigInvalid } from "./plan.ts";

/** The system refuses to read a configuration file; nothing was written. */
export type ConfigUnreadable = Failure<"CONFIG_UNREADABLE", { path: string; fix: string }>;

/** Reads configuration files, those that are not there included; each file once. */
export async function readConfigs(
  paths: readonly string[],
): Promise<Result<readonly ConfigFile[], ConfigUnreadable | ConfigInvalid>> {
  const files: ConfigFile[] = [];
  for (const path of new Set(paths)) {
    try {
      files.push({ path, text: await readTextIfThere(path) });
    } catch (thrown) {
      if (thrown instanceof NotUtf8) return err(notUtf8(path));
      const fix = `check that ${path} is a file that you may read`;
      const message = `${path} cannot be read (${errnoOf(thrown)})`;
      return err(failure("CONFIG_UNREADABLE", message, { path, fix }));
    }
  }
  return ok(files);
}

const notUtf8 = (path: string): ConfigInvalid =>
  failure("CONFIG_INVALID", `${path} is not UTF-8`, {
    path,
    fix: `save ${path} as UTF-8, then run this again; nothing was changed`,
  });
