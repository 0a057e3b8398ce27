import { epochMs, type EpochMs } from "@open-multi-auth/domain";
import { err, ok, safeTry, type Result } from "neverthrow";
import type { ImportError } from "../errors.ts";
import { identityOf } from "../identity.ts";
import { invalidField, type Origin } from "./failures.ts";
import type { ImportedLogin } from "./kind.ts";
import {
  pathOf,
  readText,
  spellingOf,
  usualSpelling,
  type TokenField,
  type TokenHolder,
} from "./token-fields.ts";

/** A login whose access token is missing or of unknown end is refreshed before use. */
const REFRESH_FIRST: EpochMs = epochMs(0);

/** Reads the login out of the object that holds its tokens. */
export function readLogin(origin: Origin, tokens: TokenHolder): Result<ImportedLogin, ImportError> {
  return safeTry(function* () {
    const accessToken = (yield* readText(origin, tokens, "accessToken")) ?? "";
    const refreshToken = yield* readText(origin, tokens, "refreshToken");
    const idToken = yield* readText(origin, tokens, "idToken");
    const accountId = yield* readText(origin, tokens, "accountId");
    const lastRefresh = yield* readText(origin, { ...tokens, holder: tokens.root, name: "" }, "lastRefresh");
    const expires = yield* readExpires(origin, tokens);
    if (refreshToken === undefined)
      return err(invalidField(origin, nameOf(origin, tokens, "refreshToken"), "present"));
    if (!/^[\x21-\x7e]*$/.test(accessToken)) {
      const constraint = "a token without spaces, line breaks or other unusual characters";
      return err(invalidField(origin, nameOf(origin, tokens, "accessToken"), constraint));
    }
    const { expiresAt, ...identity } = identityOf({ accessToken, ...(idToken !== undefined && { idToken }) });
    return ok({
      source: origin.kind === "codex-auth-json" ? "codex" : "opencode",
      ...(accountId !== undefined && { accountId }),
      ...identity,
      accessToken,
      refreshToken,
      ...(idToken !== undefined && { idToken }),
      expiresAt: accessToken === "" ? REFRESH_FIRST : (expiresAt ?? expires ?? REFRESH_FIRST),
      ...(lastRefresh !== undefined && { lastRefresh }),
    });
  });
}

/** OpenCode keeps the end of the access token beside it, in milliseconds. */
function readExpires(
  origin: Origin,
  { holder, name }: TokenHolder,
): Result<EpochMs | undefined, ImportError> {
  const { expires } = holder;
  if (expires === undefined || expires === null) return ok(undefined);
  if (typeof expires === "number" && expires >= 0) return ok(epochMs(expires));
  return err(invalidField(origin, pathOf(name, "expires"), "a number of milliseconds"));
}

function nameOf({ kind }: Origin, { holder, name }: TokenHolder, field: TokenField): string {
  return pathOf(name, spellingOf(holder, field) ?? usualSpelling(kind, field));
}
