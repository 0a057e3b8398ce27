/** Antigravity's accounts and quotas; instants are ISO-8601. No token, no e-mail address. */
export interface AntigravityView {
  /** When it was read. */
  readonly at: string;
  /** Of the file with the accounts: `invalid` is one that we do not understand. */
  readonly file: "read" | "missing" | "unreadable" | "invalid";
  readonly accounts: ViewedAccount[];
  /** Of the language server on this machine: `silent` is one that did not tell. */
  readonly server: "answers" | "not-running" | "silent";
  /** Of the account in use; null unless the server answers. */
  readonly quotas: Quotas | null;
}

/** One account of the file. */
export interface ViewedAccount {
  /** Its place in the file, from 1. */
  readonly number: number;
  readonly inUse: boolean;
  /** Whether the file has a login for it. */
  readonly signedIn: boolean;
  readonly projectId?: string;
  readonly addedAt?: string;
  readonly lastUsed?: string;
  /** What the file says is used up, and until when; what is over is left out. */
  readonly resting: { readonly what: string; readonly until: string }[];
}

/** The quotas of the account in use. */
export interface Quotas {
  readonly credits: { readonly available: number; readonly monthly: number } | null;
  /** `remaining` is percent, 0 to 100. */
  readonly models: {
    readonly label: string;
    readonly model?: string;
    readonly remaining: number;
    readonly resetAt: string | null;
  }[];
}
