import { failure, type EpochMs, type HttpAnswer } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import { z } from "zod";
import type { ProbeError } from "./errors.ts";
import { checkIdentity, type ProbedIdentity } from "./identity.ts";
import { checkForm, invalid, parseJson } from "./json.ts";
import type { LimitsReading } from "./outcome.ts";
import { refusalReason } from "./refusal-reason.ts";
import { readingOf, type ToldWindow } from "./windows.ts";

const windowSchema = z.object({
  used_percent: z.number().min(0),
  limit_window_seconds: z.number().positive(),
  reset_after_seconds: z.number().nullish(),
  reset_at: z.number().nullish(),
});

const usageSchema = z.object({
  user_id: z.string().nullish(),
  account_id: z.string().nullish(),
  rate_limit: z
    .object({ primary_window: windowSchema.nullish(), secondary_window: windowSchema.nullish() })
    .nullable(),
  // A refusal, whatever else is said beside it.
  error: z.null().optional(),
  detail: z.null().optional(),
});

/**
 * Reads an answer of the usage endpoint, `GET <upstream>/wham/usage`. Its `rate_limit` is the `codex` family; the
 * others stand in `additional_rate_limits`.
 *
 * @param at when it was asked for
 * @returns the reading, if the answer is whole and about this account; else why it counts for nothing
 */
export function parseUsageAnswer(
  answer: Pick<HttpAnswer, "status" | "body">,
  probed: ProbedIdentity,
  at: EpochMs,
): Result<LimitsReading, ProbeError> {
  const { status } = answer;
  const body = parseJson(answer.body);
  if (status !== 200) return err(refused(status, refusalReason(body)));
  if (body === undefined) return err(invalid("body"));
  return checkForm(usageSchema, body).andThen(({ user_id: userId, account_id: accountId, rate_limit }) =>
    checkIdentity({ userId, accountId }, probed).andThen(() =>
      readingOf(
        [told(rate_limit?.primary_window ?? null, at), told(rate_limit?.secondary_window ?? null, at)],
        at,
      ),
    ),
  );
}

function told(window: z.infer<typeof windowSchema> | null, at: EpochMs): ToldWindow | null {
  if (window === null) return null;
  const { reset_at: resetAt, reset_after_seconds: resetAfter } = window;
  const later = typeof resetAfter === "number" && resetAfter > 0 ? Math.round(at / 1000 + resetAfter) : null;
  return {
    usedPercent: window.used_percent,
    windowMinutes: Math.round(window.limit_window_seconds / 60),
    resetsAt: resetAt ?? later,
  };
}

/** What a status other than 200 means; `reason` is the upstream's own code for it. */
export function refused(status: number, reason: string | undefined): ProbeError {
  const words = reason === undefined ? String(status) : `${status} ${reason}`;
  if (status >= 500 || status === 408 || status === 429) {
    return failure("PROBE_UNANSWERED", `no answer now (${words})`, { status });
  }
  const details = { status, ...(reason !== undefined && { reason }) };
  return failure("PROBE_REFUSED", `the upstream refused to tell the limits (${words})`, details);
}
