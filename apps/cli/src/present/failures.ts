import { redact, type Failure } from "@open-multi-auth/domain";
import type { ExitCode } from "../command.ts";
import type { Colours } from "./colours.ts";
import { plain } from "./text.ts";

interface Advice {
  readonly exit?: ExitCode;
  /** What to do; a failure whose `details` bring a `fix` of their own needs none here. */
  readonly fix?: string;
}

/** Every code that can reach the person: its exit code (1 unless said) and what to do about it. */
const ADVICE: Readonly<Record<string, Advice>> = {
  USAGE: { exit: 2 },
  UNKNOWN_COMMAND: { exit: 2 },
  ENVIRONMENT_INVALID: { exit: 2, fix: "correct or unset the variable" },
  ALIAS_INVALID: { exit: 2, fix: "choose another alias" },
  VALIDATION_ERROR: { exit: 2, fix: "see `oma settings --help`; nothing was changed" },
  CONFIRMATION_NEEDED: { exit: 2, fix: "add --yes" },

  NO_ELIGIBLE_ACCOUNTS: { exit: 3, fix: "see `oma status`" },
  ALL_ACCOUNTS_EXHAUSTED: { exit: 3, fix: "see `oma status`" },

  LIMITS_TOO_LOW: { exit: 3, fix: "wait for a reset; `oma status` says when" },
  LIMITS_UNKNOWN: { fix: "run `oma refresh --limits` and see why they cannot be measured" },

  REFRESH_TOKEN_REJECTED: {
    fix: "`oma reauth` signs it in again",
  },
  NO_TOKEN: { fix: "`oma reauth` signs it in again" },
  TOKEN_ENDPOINT_UNREACHABLE: { fix: "check the network, then try again; nothing was lost" },
  TOKEN_RESPONSE_INVALID: {
    fix: "try again later; something between here and the upstream may answer for it",
  },
  REFRESH_LEASE_TIMEOUT: { fix: "try again; another process is renewing this account" },

  ACCOUNT_DISABLED: { fix: "enable it first with `oma enable`" },
  ACCOUNT_NOT_FOUND: { fix: "`oma list` shows the aliases" },
  ACCOUNT_NOT_ELIGIBLE: { fix: "force another account, or wait; `oma status` says until when" },
  ALREADY_IN_STATE: { fix: "nothing to do" },
  LAST_ENABLED_ACCOUNT: { fix: "enable another account first, or add --allow-none" },
  ALIAS_TAKEN: { fix: "choose another alias; `oma reauth` signs an account in again that is linked" },
  NO_LOGIN_FOUND: { fix: "sign in with `codex login` or `opencode auth login`, then import again" },

  REDIRECT_PORTS_TAKEN: { fix: "end the program that holds one of them, or add --device" },
  SIGN_IN_DENIED: { fix: "sign in again, with an account that may use Codex" },
  CODE_REJECTED: { fix: "sign in again, in one go" },
  DEVICE_FLOW_UNAVAILABLE: { fix: "leave out --device; the address may be opened on another machine too" },
  DEVICE_CODE_EXPIRED: { fix: "start again" },
  LINK_TIMEOUT: { fix: "start again" },
  CALLBACK_INVALID: { fix: "paste the whole address, as the browser shows it" },
  CALLBACK_STATE_MISMATCH: { fix: "paste the address of the sign-in that was started here" },
  LINK_NOT_WAITING: { fix: "nothing to do" },
  IDENTITY_MISMATCH: {
    fix: "nothing changed; sign out at OpenAI and sign in with the right account, or add --allow-other-account",
  },
  ACCOUNT_ALREADY_LINKED: {
    fix: "nothing changed; sign out at OpenAI, then sign in with the other account (a private window works too), or renew this one with `oma reauth`",
  },
  WORKSPACE_MISMATCH: { fix: "choose the workspace that was asked for, or leave out --workspace" },

  REAUTH_NEEDED: { fix: "sign it in again with `oma reauth`" },
  ID_TOKEN_MISSING: { fix: "sign it in again with `oma reauth`" },
  CODEX_LOGIN_UNLINKED: { fix: "link it with `oma import --from codex`, or add --replace to give it up" },
  CODEX_FILE_CHANGED: { fix: "end the Codex CLI, then try again" },
  LEASE_HELD: { fix: "try again" },
  LEASE_UNAVAILABLE: { fix: "check the free space and the permissions of the folder" },
  DETAILS_INVALID: { exit: 2, fix: "correct it" },

  STORE_UNREADABLE: { fix: "check that the file and its folder are yours and readable" },
  STORE_UNWRITABLE: { fix: "check the free space and the permissions of the folder" },
  STORE_LOCKED: { fix: "try again; if it stays locked, end the process that holds it" },

  ALREADY_ENCRYPTED: { fix: "run `oma decrypt` first, then encrypt it anew" },

  EARLIER_STORE_UNKNOWN: { fix: "name the store's file with --from; docs/migrating.md says where each is" },
  EARLIER_STORE_ENCRYPTED: {
    exit: 2,
    fix: "set CODEX_SOFT_STORE_PASSPHRASE, or run it in a terminal to be asked",
  },
  EARLIER_PASSPHRASE_WRONG: {
    fix: "give the passphrase that the earlier plugin had in CODEX_SOFT_STORE_PASSPHRASE; nothing was imported",
  },
  NO_ACCOUNTS: { fix: "link one with `oma add <alias>`, or `oma import`" },
  FILE_EXISTS: { fix: "name another file" },
  PASSPHRASE_NEEDED: {
    exit: 2,
    fix: "add --passphrase-file <file>, or set OPENCODE_MULTI_AUTH_PASSPHRASE",
  },
  PASSPHRASE_UNREADABLE: { exit: 2, fix: "name a file that you can read" },
  PASSPHRASE_MISMATCH: { fix: "try again" },
  PASSPHRASE_WEAK: { exit: 2, fix: "choose a longer one: several words are easy to remember" },
  PASSPHRASE_WRONG: { fix: "try again; if you are sure of it, use another copy of the file" },
  BACKUP_UNREADABLE: { fix: "check the name and that you can read the file" },
  BACKUP_FOREIGN: { fix: "name a file that `oma export` wrote" },
  BACKUP_DAMAGED: { fix: "use another copy of the file" },
  BACKUP_UNSUPPORTED: { fix: "use the version that wrote it, or a newer one" },
  BACKUP_INVALID: { fix: "use another backup; nothing of this one was imported" },
  SNAPSHOT_NOT_FOUND: { fix: "`oma restore` shows them" },
  SNAPSHOT_INVALID: { fix: "choose another; `oma restore` shows them" },

  KEY_NAME_INVALID: { exit: 2, fix: "choose another name" },
  KEY_NAME_TAKEN: { fix: "choose another name, or take that one away with `oma key revoke`" },
  KEY_NOT_FOUND: { fix: "`oma key list` shows them" },

  ROLLBACK_TARGET_UNKNOWN: { exit: 2, fix: "name the version: `oma rollback 0.1.0`" },

  CONFIG_UNWRITABLE: { fix: "check the free space and the permissions of the file and its folder" },
  CONFIG_CHANGED: { fix: "try again" },
  NOT_LISTED: { fix: "see `opencode debug config`: another config file may replace its `plugin` list" },
  INTERNAL_ERROR: { fix: "this is a bug: please report it with the command that you ran" },
};

/** The exit code of a failed command. */
export function exitCodeOf({ code }: Failure): ExitCode {
  return adviceFor(code).exit ?? 1;
}

/** What happened, and what to do about it: two lines. */
export function failureLines(failure: Failure, { red, bold }: Colours): string {
  const lines = [`${red("error")} ${bold(failure.code)}: ${plain(redact(failure.message))}`];
  const fix = fixOf(failure);
  if (fix !== undefined) lines.push(`fix: ${plain(redact(fix))}`);
  return lines.join("\n");
}

/** What to do about a failure: its own advice, which knows the file and field, before the general one. */
export function fixOf({ code, details }: Failure): string | undefined {
  return "fix" in details && typeof details.fix === "string" ? details.fix : adviceFor(code).fix;
}

function adviceFor(code: string): Advice {
  return Object.hasOwn(ADVICE, code) ? (ADVICE[code] ?? {}) : {};
}
