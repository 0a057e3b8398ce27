import type { EpochMs, FailoverReason } from "@open-multi-auth/domain";
import type { ErrorAnswer } from "./errors.ts";
import type { GatewayRefusal } from "./ports.ts";

/** Up to here clients may wait by themselves. */
const WORTH_WAITING_MS = 60_000;

/**
 * What a client is told when no account could serve: 429 and when to come back. A client that comes back by itself is told so
 * only for a wait that is worth it; for a longer one the Codex CLI is told that the limit is reached, which it shows at once.
 *
 * @param sleepsForHours the client obeys any `Retry-After`, however long, and says nothing meanwhile: it is told 403
 */
export function refusalAnswer(refusal: GatewayRefusal, now: EpochMs, sleepsForHours: boolean): ErrorAnswer {
  const { code, message, details } = refusal;
  if (code === "HOST_OFFLINE") return { status: 503, code, message };
  const { nextRetryAt, reasons = {} } = details;
  // No waiting helps, nor is any limit reached, as the Codex CLI would say.
  if (isAboutModel(Object.values(reasons)))
    return { status: 400, code: "MODEL_UNSUPPORTED", message: NO_MODEL };
  // Nothing gets better by itself: a client that asks again would do so for ever.
  if (nextRetryAt === undefined) return { status: 403, code, message: HELPLESS };
  const waitMs = Math.max(0, nextRetryAt - now);
  if (waitMs > WORTH_WAITING_MS && sleepsForHours) return { status: 403, code, message: RESTING };
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const type = waitMs > WORTH_WAITING_MS ? "usage_limit_reached" : "rate_limit_exceeded";
  return {
    status: 429,
    code,
    message,
    headers: { "retry-after": String(seconds) },
    more: { type, resets_at: Math.ceil(nextRetryAt / 1000), resets_in_seconds: seconds },
  };
}

const isAboutModel = (reasons: readonly FailoverReason[]): boolean =>
  reasons.includes("model-unsupported") &&
  reasons.every((reason) => reason === "model-unsupported" || reason === "disabled");

// No digit and no word in these on which OpenCode would try again.
const HELPLESS = "No account of the pool can answer, and none will by itself. See: oma status";
const RESTING = "No account of the pool can answer now. When the first can again says: oma status";
const NO_MODEL = "No account of the pool has this model. Details: oma why";
