import type { AuthFileKind, ImportedLogin, ImportError } from "@open-multi-auth/auth-oauth";
import { readAuthFile } from "@open-multi-auth/auth-oauth/node";
import { failure, type Failure } from "@open-multi-auth/domain";
import type { PoolPaths } from "@open-multi-auth/runtime-node";
import { err, ok, type Result } from "neverthrow";
import { resolve } from "node:path";
import type { Context } from "../context.ts";

interface Source {
  readonly path: string;
  readonly kind: AuthFileKind;
}

/**
 * Finds the logins that `--from` names, or without it the first of the Codex CLI's and OpenCode's that is there.
 *
 * A file that is there and cannot be used stops the search: passing over it would hide what is wrong.
 */
export async function findLogins(
  from: string | undefined,
  paths: PoolPaths,
  { cwd, err: notes }: Context,
): Promise<Result<readonly ImportedLogin[], Failure>> {
  const codex: Source = { path: paths.codexAuthFile, kind: "codex-auth-json" };
  const openCode: Source = { path: paths.openCodeAuthFile, kind: "opencode-auth-json" };
  if (from === "codex") return read(codex);
  if (from === "opencode") return read(openCode);
  if (from !== undefined) return readEither(resolve(cwd, from));
  for (const source of [codex, openCode]) {
    const logins = await read(source);
    if (logins.isErr() && !hasNoLogin(logins.error)) return err(logins.error);
    notes.print(logins.isOk() ? `found a login in ${source.path}` : logins.error.message);
    if (logins.isOk()) return ok(logins.value);
  }
  return err(failure("NO_LOGIN_FOUND", "neither the Codex CLI nor OpenCode has a ChatGPT login here", {}));
}

async function read({ path, kind }: Source): Promise<Result<ImportedLogin[], ImportError>> {
  return readAuthFile(path, kind);
}

/** A file of unknown origin is the Codex CLI's unless only OpenCode's form fits. */
async function readEither(path: string): Promise<Result<ImportedLogin[], ImportError>> {
  const asCodex = await read({ path, kind: "codex-auth-json" });
  if (asCodex.isOk() || asCodex.error.code !== "AUTH_FILE_WITHOUT_LOGIN") return asCodex;
  const asOpenCode = await read({ path, kind: "opencode-auth-json" });
  return asOpenCode.isErr() && hasNoLogin(asOpenCode.error) ? asCodex : asOpenCode;
}

function hasNoLogin(error: ImportError): boolean {
  return (
    error.code === "AUTH_FILE_WITHOUT_LOGIN" ||
    (error.code === "AUTH_FILE_UNREADABLE" && error.details.why === "missing")
  );
}
