import type { ResultAsync } from "neverthrow";
import { parseCodexAuthFile } from "../auth-file/codex.ts";
import type { AuthFileKind, ImportedLogin } from "../auth-file/kind.ts";
import { parseOpenCodeAuthFile } from "../auth-file/opencode.ts";
import type { ImportError } from "../errors.ts";
import { fingerprint } from "../fingerprint.ts";
import { readAuthFileText } from "./auth-file-text.ts";

/**
 * Reads the logins out of another tool's auth file. Each remembers the file in `sharedWith`.
 *
 * @returns the logins, or why there are none, naming file, field and fix
 */
export function readAuthFile(path: string, kind: AuthFileKind): ResultAsync<ImportedLogin[], ImportError> {
  const parse = kind === "codex-auth-json" ? parseCodexAuthFile : parseOpenCodeAuthFile;
  const sharedWith = (login: ImportedLogin): ImportedLogin => ({
    ...login,
    sharedWith: [{ kind, path, fingerprint: fingerprint(login.refreshToken) }],
  });
  return readAuthFileText(path)
    .andThen((text) => parse(text, path))
    .map((logins) => logins.map((login) => sharedWith(login)));
}
