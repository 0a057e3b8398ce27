import type { Failure } from "@open-multi-auth/domain";

const LATER = "try again in a moment";
const SIGN_IN = "sign it in again, on the page or with `oma reauth`";
const DISK = "check the free space and the permissions of the folder";

/** What to do about a failure that does not say it itself, for who has only the API in hand. */
const FIXES: Readonly<Record<string, string>> = {
  ALIAS_INVALID: "choose another alias",
  BACKUP_DAMAGED: "use another copy of the file",
  BACKUP_FOREIGN: "send a file that an export wrote",
  BACKUP_INVALID: "use another backup; nothing of this one was imported",
  BACKUP_UNSUPPORTED: "use the version that wrote it, or a newer one",
  CALLBACK_INVALID: "send the whole address, as the browser shows it",
  CALLBACK_STATE_MISMATCH: "send the address of the sign-in that was started here",
  DETAILS_INVALID: "correct the field that is named",
  INVALID_JSON: "send one JSON object as the body",
  PASSPHRASE_NEEDED: "send the passphrase of the backup",
  PASSPHRASE_WEAK: "choose a longer one: several words are easy to remember",
  PASSPHRASE_WRONG: "try again; if you are sure of it, use another copy of the file",
  VALIDATION_ERROR: "correct the fields in `issues`; nothing was changed",
  LAUNCH_CODE_INVALID: "run `oma dashboard` for a new address; each is good once and for a minute",
  ACCOUNT_NOT_FOUND: "`GET /api/accounts` lists the aliases",
  DECISION_NOT_FOUND: "`GET /api/decisions` lists what is kept",
  LINK_NOT_FOUND: "start the sign-in again",
  ROUTE_NOT_FOUND: "`GET /api/openapi.json` describes all routes",
  ACCOUNT_ALREADY_LINKED:
    "sign in with the other account, in a private window for example; nothing was changed",
  ACCOUNT_DISABLED: "enable it first",
  ACCOUNT_NOT_ELIGIBLE: "force another account, or wait until the time in `until`, where there is one",
  ALIAS_TAKEN: "choose another alias",
  ALREADY_IN_STATE: "nothing to do",
  CODEX_FILE_CHANGED: "end the Codex CLI, then try again",
  AUTH_FILE_WITHOUT_LOGIN: "sign in with that tool first, or link the account here",
  AUTH_FILE_INVALID: "mend or remove the file that is named, then try again",
  CODEX_LOGIN_OTHER: "switch to the account that is signed in there, or sign in again",
  CODEX_LOGIN_UNLINKED: "link it with `oma import --from codex`, or send `replace: true` to give it up",
  ID_TOKEN_MISSING: SIGN_IN,
  LAST_ENABLED_ACCOUNT: "enable another account first, or send `allowNone: true`",
  LINK_NOT_WAITING: "nothing to do",
  NO_ACCOUNTS: "link one, on the page or with `oma add <alias>`",
  REAUTH_IN_PROGRESS: "finish the one that is under way, or call it off",
  REAUTH_NEEDED: SIGN_IN,
  REDIRECT_PORTS_TAKEN: "end the program that holds one of them, or sign in with a code",
  UPDATE_IN_PROGRESS: LATER,
  PAYLOAD_TOO_LARGE: "send less",
  UNSUPPORTED_MEDIA_TYPE: "send JSON, with `content-type: application/json`",
  INTERNAL_ERROR: "`oma logs` has what went wrong; please report it",
  DEVICE_FLOW_UNAVAILABLE: "sign in with the browser instead",
  TOKEN_REFRESH_FAILED: "try again later; nothing was lost",
  TOKEN_ENDPOINT_UNREACHABLE: "check the network, then try again; nothing was lost",
  TOKEN_RESPONSE_INVALID: "try again later; something between here and the upstream may answer for it",
  AUTH_FILE_UNREADABLE: "check that the file is yours and readable",
  AUTH_FILE_UNWRITABLE: DISK,
  KEYCHAIN_UNAVAILABLE: "unlock the keychain of this system, then try again",
  LEASE_HELD: LATER,
  LEASE_UNAVAILABLE: DISK,
  REFRESH_LEASE_TIMEOUT: "try again; another process is renewing this account",
  REFRESH_UNDER_WAY: LATER,
  STORE_UNAVAILABLE: "`oma doctor` says what is wrong with it",
  STORE_UNWRITABLE: DISK,
  TOO_MANY_READERS: "close other pages of the dashboard",
};

/**
 * The failure with what to do about it in `details.fix`, which it mostly knows best itself; without, where nobody knows.
 */
export const withFix = <F extends Failure>(problem: F): F => {
  const { code, details } = problem;
  const fix = Object.hasOwn(FIXES, code) ? FIXES[code] : undefined;
  return fix === undefined || "fix" in details ? problem : { ...problem, details: { ...details, fix } };
};
