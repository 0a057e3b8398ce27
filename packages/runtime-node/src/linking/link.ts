import type { CallbackError, SignInError, Workspace } from "@open-multi-auth/auth-oauth";
import type { RedirectPortsTaken } from "@open-multi-auth/auth-oauth/node";
import type { StoreError } from "@open-multi-auth/core-store";
import type {
  AccountAlreadyLinked,
  AccountId,
  AccountNotFound,
  Alias,
  AliasTaken,
  DurationMs,
  EpochMs,
  Failure,
  IdentityMismatch,
} from "@open-multi-auth/domain";
import type { Result } from "neverthrow";

/** How the person signs in: in a browser that comes back here, or by entering a code on any device. */
export type LinkMethod = "browser" | "device";

/** What a person wants linked. */
export interface LinkWish {
  readonly method: LinkMethod;
  /** What to call a new account (without one: after its e-mail address), or the account to sign in again. */
  readonly alias?: Alias | undefined;
  /** Sign an account that there is in again, instead of adding one. */
  readonly reauth?: Reauth | undefined;
  /** The upstream's id of the workspace that it must be. Browser only. */
  readonly workspace?: string | undefined;
}

/** A new login for an account that there is. */
interface Reauth {
  readonly allowOtherAccount: boolean;
  /** The account, once the sign-in has begun: its alias may change meanwhile. */
  readonly id?: AccountId;
}

/** What the person is to do. */
export type LinkPrompt =
  | {
      readonly kind: "browser";
      /** Where to sign in. */
      readonly url: string;
      /** Where the browser comes back to. */
      readonly port: number;
      /** Ports that would have been preferred, and are held by other programs. */
      readonly passedOver: readonly number[];
    }
  | {
      readonly kind: "device";
      readonly verificationUrl: string;
      readonly userCode: string;
      readonly intervalMs: DurationMs;
    };

/** A workspace of the same person, which takes a sign-in of its own. */
export interface OfferedWorkspace extends Workspace {
  /** The account that it is linked as. */
  readonly alias?: Alias;
}

/** What became of a login. */
export interface LinkReport {
  readonly alias: Alias;
  readonly email?: string;
  readonly planType?: string;
  /** `kept`: the account was there, with tokens at least as new. */
  readonly outcome: "added" | "updated" | "kept" | "reauthorized";
  /** Other workspaces of this person; empty where the upstream does not tell. */
  readonly workspaces: readonly OfferedWorkspace[];
}

/** Why a link that was started came to nothing. Nothing was changed then. */
export type LinkError =
  | SignInError
  | AliasTaken
  | AccountNotFound
  | AccountAlreadyLinked
  | IdentityMismatch
  /** The login is for another workspace than the one that was asked for. */
  | Failure<"WORKSPACE_MISMATCH", { workspace: string }>
  /** Nobody signed in in time. */
  | Failure<"LINK_TIMEOUT">
  | StoreError;

/** Why a link cannot be started. */
export type LinkStartError =
  | AliasTaken
  | AccountNotFound
  | Failure<"ACCOUNT_DISABLED", { alias: string }>
  /** Another sign-in for this account is under way here. */
  | Failure<"REAUTH_IN_PROGRESS", { alias: string; linkId: string }>
  | RedirectPortsTaken
  | SignInError;

/** How a link ended. */
export type LinkOutcome =
  | { readonly phase: "done"; readonly report: LinkReport }
  | { readonly phase: "failed"; readonly failure: LinkError }
  | { readonly phase: "cancelled" };

/** `finishing`: the person has signed in; the login is on its way into the store. */
export type LinkState = { readonly phase: "waiting" | "finishing" } | LinkOutcome;

/** A pasted address that is not taken. */
export type PasteError = CallbackError | Failure<"LINK_NOT_WAITING">;

/** One sign-in under way. It keeps no process alive. */
export interface Link {
  readonly id: string;
  readonly wish: LinkWish;
  readonly prompt: LinkPrompt;
  /** When it gives up. */
  readonly expiresAt: EpochMs;
  state(): LinkState;
  /** How it ended. Never rejects. */
  readonly settled: Promise<LinkOutcome>;
  /** Resolves after that, when the browser has got its page and the port is free. */
  readonly closed: Promise<void>;
  /** Takes the address that a browser on another machine ended at. A wrong one changes nothing; it goes on waiting. */
  paste(text: string): Result<void, PasteError>;
  /** Gives up, unless a login is on its way into the store already. */
  cancel(): void;
}
