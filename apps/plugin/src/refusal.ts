import type { Refusal } from "@open-multi-auth/runtime-node";
import { type EpochMs, type FailoverReason } from "@open-multi-auth/domain";
import { spokenDuration } from "./spoken-time.ts";
import { isFinalText } from "./triggers.ts";

/** Up to here OpenCode may wait by itself and then succeeds. */
const WORTH_WAITING_MS = 60_000;
const SHOWN_ACCOUNTS = 6;

/**
 * The answer that tells OpenCode why no account served.
 *
 * A short wait is a 429 with `Retry-After`, which OpenCode sits out. Anything longer is a 403 that it shows at
 * once: one line without a digit or a word that it would retry on. Being offline is a 503: OpenCode's own few
 * retries are right for that.
 */
export function refusalResponse(refusal: Refusal, now: EpochMs): Response {
  if (refusal.code === "HOST_OFFLINE") {
    return errorResponse(503, refusal.code, "No connection to the upstream; no account was at fault.");
  }
  const wait = waitOf(refusal, now);
  const body = { code: refusal.code, message: refusalLine(refusal, now) };
  if (wait !== undefined && wait <= WORTH_WAITING_MS) {
    return errorResponse(429, body.code, body.message, {
      "retry-after": String(Math.max(1, Math.ceil(wait / 1000))),
    });
  }
  return errorResponse(403, body.code, body.message);
}

/** The refusal as one readable line: what is wrong with each account, when it ends, and what to do. */
export function refusalLine(refusal: Refusal, now: EpochMs): string {
  const line = compose(refusal, now, (alias) => alias);
  if (isFinalText(line)) return line;
  // An alias held a digit or a word that OpenCode retries on: speak of the accounts by letter.
  return compose(refusal, now, (_, index) => `account ${letter(index)}`);
}

function compose(refusal: Refusal, now: EpochMs, name: (alias: string, index: number) => string): string {
  const parts = accountParts(refusal, name);
  const wait = waitOf(refusal, now);
  const next = wait === undefined ? "" : ` The first is usable in ${spokenDuration(wait)}.`;
  if (parts.length === 0) return "No account is linked. Run: oma add";
  const more = parts.length > SHOWN_ACCOUNTS ? ", and more" : "";
  return `No account can answer now: ${parts.slice(0, SHOWN_ACCOUNTS).join(", ")}${more}.${next} Details: oma why`;
}

const WORDS: Record<FailoverReason, string> = {
  "quota-exhausted": "usage limit reached",
  "expired-refresh-failed": "needs a new login",
  "reauth-failed": "needs a new login",
  "reauth-timeout": "needs a new login",
  "no-token": "needs a new login",
  "workspace-deactivated": "workspace deactivated",
  "model-unsupported": "does not have this model",
  disabled: "disabled",
  "cooling-down": "resting",
  transient: "upstream trouble",
  skipped: "not tried",
};

function accountParts(refusal: Refusal, name: (alias: string, index: number) => string): string[] {
  if (refusal.code !== "ALL_ACCOUNTS_EXHAUSTED" && refusal.code !== "NO_ELIGIBLE_ACCOUNTS") return [];
  return Object.entries(refusal.details.reasons).map(
    ([alias, reason], index) => `${name(alias, index)} (${WORDS[reason]})`,
  );
}

function waitOf(refusal: Refusal, now: EpochMs): number | undefined {
  if (refusal.code !== "ALL_ACCOUNTS_EXHAUSTED" && refusal.code !== "NO_ELIGIBLE_ACCOUNTS") return undefined;
  const { nextRetryAt } = refusal.details;
  return nextRetryAt === undefined ? undefined : Math.max(0, nextRetryAt - now);
}

function letter(index: number): string {
  const last = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

function errorResponse(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ error: { code, message } }, { status, headers });
}
