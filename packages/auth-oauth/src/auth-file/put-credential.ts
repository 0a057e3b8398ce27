import type { Credential } from "@open-multi-auth/domain";
import type { JsonObject } from "../json-object.ts";
import type { AuthFileKind } from "./kind.ts";
import { spellingOf, usualSpelling, type TokenField, type TokenHolder } from "./token-fields.ts";

/** The file's content with another credential; spellings, order and everything else stay as they are. */
export function putCredential(
  kind: AuthFileKind,
  { root, holder, name }: TokenHolder,
  credential: Credential,
): JsonObject {
  const spelled = (object: JsonObject, field: TokenField, value: string | undefined): JsonObject =>
    value === undefined ? {} : { [spellingOf(object, field) ?? usualSpelling(kind, field)]: value };
  const codex = kind === "codex-auth-json";
  const tokens = {
    ...holder,
    ...spelled(holder, "accessToken", credential.accessToken),
    ...spelled(holder, "refreshToken", credential.refreshToken),
    ...(codex && spelled(holder, "idToken", credential.idToken)),
    ...(!codex && { expires: credential.expiresAt }),
  };
  const file = name === "" ? tokens : { ...root, [name]: tokens };
  return codex ? { ...file, ...spelled(root, "lastRefresh", credential.lastRefresh) } : file;
}
