import type { NewAccount, SharedFile } from "@open-multi-auth/domain";

/** Whose file it is. */
export type AuthFileKind = SharedFile["kind"];

/** A login out of another tool's file, ready for domain's `newAccount`. */
export type ImportedLogin = NewAccount;
