import type { AccountView } from "@open-multi-auth/upstream-sim";

/** What is compared: this workspace, and two plugins from clones of their repositories. */
export const SUBJECTS = ["ours", "baseline", "ndycode"] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** What a plugin has in its store of one account. */
export interface Stored {
  readonly alias: string;
  /** How often `countUp` was called for it. */
  readonly count: number;
  readonly refreshToken: string;
}

/** A plugin in a process of its own, driven through what it exports itself. */
export interface Subject {
  /** Writes a store that has these accounts. */
  seed(accounts: readonly AccountView[]): Promise<void>;
  /** The fetch that OpenCode gets of it, and the address that OpenCode asks. */
  openFetch(signedIn: AccountView): Promise<{ readonly fetch: typeof fetch; readonly url: string }>;
  /** One change that is on disk when it resolves: reads a number of an account, and writes one more. */
  countUp(alias: string): Promise<void>;
  /** What a process finds that comes later. */
  read(): Promise<readonly Stored[]>;
}

/** What the loader of a plugin gives OpenCode. */
export interface Loaded {
  readonly fetch?: typeof fetch;
  readonly baseURL?: string;
}
