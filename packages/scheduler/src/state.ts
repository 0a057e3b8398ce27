import type {
  Account,
  AccountId,
  Alias,
  EpochMs,
  FailoverReason,
  Ineligibility,
  Model,
  RotationState,
  Settings,
} from "@open-multi-auth/domain";

/** How many of something each account has; one that is not named has none. */
export type Counts = ReadonlyMap<AccountId, number>;

/** The pool as of one moment: all that a selection reads besides the request. */
export interface SelectionState {
  /** Every account, in the order of linking. */
  readonly accounts: readonly Account[];
  readonly settings: Settings;
  readonly rotation: RotationState;
  readonly forced: { readonly alias: Alias; readonly until: EpochMs } | null;
  /** Requests under way. */
  readonly inFlight?: Counts;
  /** Conversations that are at work there; only `headroom` reads them. */
  readonly sessions?: Counts;
}

/** The request to place. */
export interface SelectionRequest {
  readonly model?: Model;
  /** The account that the request's conversation lives on, or its parent's where it has none of its own. */
  readonly bound?: AccountId;
  /** The account that the conversation itself lives on: what we take for its capacity does not move it from there. */
  readonly home?: AccountId;
}

/** One account as a selection saw it. */
export interface Candidate {
  readonly accountId: AccountId;
  readonly alias: Alias;
  readonly eligible: boolean;
  readonly reasons: readonly Ineligibility[];
  /** Why its credential is not used, where it is not. */
  readonly authInvalidReason?: FailoverReason;
  /** When it becomes eligible by itself. */
  readonly until?: EpochMs;
  /** Only the rest we gave it after failures, or what we take for its capacity, keeps it back. */
  readonly spare?: true;
}

/** What decided: a last resort and a trial are for want of anything better. */
export type SelectionWhy = "forced" | "affinity" | "strategy" | "last-resort" | "trial";

/** The outcome of a selection, with what is needed to explain it. */
export type Selection =
  /** Send to `account`; should it fail, to the next in `order`. */
  | {
      readonly kind: "use";
      readonly account: Account;
      readonly why: SelectionWhy;
      /**
       * Every eligible account, the selected one first; those of the last resort or the trial where none is. Worked
       * out when first read, since most requests need no second account.
       */
      readonly order: readonly Account[];
      readonly candidates: readonly Candidate[];
      /** Fairness state after this selection; the very same object where no strategy placed anything. */
      readonly rotation: RotationState;
    }
  /** No account can serve now, not even a spare one; `nextAt` is when the first will by itself, `null` if none will. */
  | { readonly kind: "none"; readonly candidates: readonly Candidate[]; readonly nextAt: EpochMs | null };
