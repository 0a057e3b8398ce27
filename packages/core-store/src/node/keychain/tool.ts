/** How a program ended. */
export type ToolEnd =
  | { readonly kind: "ended"; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** There is no such program. */
  | { readonly kind: "missing" }
  /** It was ended because it did not answer. */
  | { readonly kind: "silent" };

/** One call of a program. */
export interface ToolCall {
  readonly args: readonly string[];
  readonly input: string;
}

/** How the keychain of one operating system is asked. Ids and secrets are hexadecimal, so nothing needs quoting. */
export interface KeychainTool {
  readonly command: string;
  /** What people call the keychain. */
  readonly keychain: string;
  read(id: string): ToolCall;
  keep(id: string, secret: string): ToolCall;
  /** Whether it answered that there is no such secret. */
  isAbsent(end: Extract<ToolEnd, { kind: "ended" }>): boolean;
  /** What helps when the program is missing. */
  readonly install: string;
  /** What helps when it refuses. */
  readonly unlock: string;
}

/** The name that our secrets stand under. */
export const SERVICE = "open-multi-auth";
