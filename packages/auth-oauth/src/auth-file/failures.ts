import { failure } from "@open-multi-auth/domain";
import type { ImportError, WriteBackError } from "../errors.ts";
import type { AuthFileKind } from "./kind.ts";

/** The file that a text came from, as far as it is known. */
export interface Origin {
  readonly kind: AuthFileKind;
  readonly path?: string | undefined;
}

const SIGN_IN: Readonly<Record<AuthFileKind, string>> = {
  "codex-auth-json": "sign in with `codex login` (ChatGPT account), then import again",
  "opencode-auth-json": "sign in with `opencode auth login` (OpenAI, ChatGPT account), then import again",
};

const OWNER: Readonly<Record<AuthFileKind, string>> = {
  "codex-auth-json": "the Codex CLI's auth file",
  "opencode-auth-json": "OpenCode's auth file",
};

const WITHOUT_LOGIN = {
  "api-key": "holds an API key, which has no ChatGPT account to link",
  placeholder: "holds the entry that we put there ourselves, not a login",
  "signed-out": "holds no login",
} as const;

/** A field that is not what it must be. Its value is never repeated. */
export function invalidField(origin: Origin, field: string, constraint: string): ImportError {
  const what = field === "" ? `must be ${constraint}` : `field ${field} must be ${constraint}`;
  return failure("AUTH_FILE_INVALID", `${nameOf(origin)}: ${what}`, {
    field,
    constraint,
    ...common(origin),
  });
}

/** A sound file without a login that could be linked. */
export function withoutLogin(origin: Origin, why: keyof typeof WITHOUT_LOGIN, field: string): ImportError {
  const message = `${nameOf(origin)} ${WITHOUT_LOGIN[why]}`;
  return failure("AUTH_FILE_WITHOUT_LOGIN", message, { field, why, ...common(origin) });
}

/** Whether the file is merely gone or signed out, which is its owner's good right. */
export function holdsNothing(error: WriteBackError): boolean {
  if (error.code === "AUTH_FILE_UNREADABLE") return error.details.why === "missing";
  return error.code === "AUTH_FILE_WITHOUT_LOGIN";
}

const nameOf = ({ kind, path }: Origin): string => path ?? OWNER[kind];

const common = ({ kind, path }: Origin): { fix: string; path?: string } => ({
  fix: SIGN_IN[kind],
  ...(path !== undefined && { path }),
});
