import type { Result } from "neverthrow";
import type { ImportError } from "../errors.ts";
import { findCodexTokens } from "./codex.ts";
import type { Origin } from "./failures.ts";
import { findOpenCodeTokens } from "./opencode.ts";
import type { TokenHolder } from "./token-fields.ts";

/** Finds the tokens in the text of either tool's file. */
export function findTokens(text: string, origin: Origin): Result<TokenHolder, ImportError> {
  return origin.kind === "codex-auth-json" ? findCodexTokens(text, origin) : findOpenCodeTokens(text, origin);
}
