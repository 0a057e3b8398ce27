import type { EpochMs } from "@open-multi-auth/domain";
import { failure } from "@open-multi-auth/domain";
import { err, type Result } from "neverthrow";
import { z } from "zod";
import type { ProbeError } from "./errors.ts";
import { checkIdentity, type ProbedIdentity } from "./identity.ts";
import { checkForm, parseJson } from "./json.ts";
import type { LimitsReading } from "./outcome.ts";
import { fieldOf, refusalReason } from "./refusal-reason.ts";
import { refused } from "./usage-answer.ts";
import { readingOf, type ToldWindow } from "./windows.ts";

const windowSchema = z.object({
  usedPercent: z.number().min(0),
  windowDurationMins: z.number().positive().nullish(),
  resetsAt: z.number().nullish(),
});
const familySchema = z.object({ primary: windowSchema.nullable(), secondary: windowSchema.nullable() });
const resultSchema = z.object({
  accountId: z.string().nullish(),
  rateLimitsByLimitId: z.object({ codex: familySchema.optional() }).nullish(),
  rateLimits: familySchema.extend({ limitId: z.string().nullish() }),
});

/**
 * Reads the answer of `codex app-server` to `account/rateLimits/read`: the message with the request's id, never a
 * notification, whose numbers may come from a turn that failed.
 *
 * @param at when it was asked for
 */
export function parseAppServerAnswer(
  message: unknown,
  probed: ProbedIdentity,
  at: EpochMs,
): Result<LimitsReading, ProbeError> {
  const error = fieldOf(message, "error");
  if (error !== undefined) return err(refusalOf(fieldOf(error, "message")));
  return checkForm(resultSchema, fieldOf(message, "result")).andThen((result) =>
    checkIdentity({ accountId: result.accountId }, probed).andThen(() => {
      const { rateLimits: last, rateLimitsByLimitId: families } = result;
      const codex = families?.codex ?? (last.limitId === "codex" ? last : undefined);
      return readingOf([told(codex?.primary), told(codex?.secondary)], at);
    }),
  );
}

function told(window: z.infer<typeof windowSchema> | null | undefined): ToldWindow | null {
  if (!window) return null;
  const { usedPercent, windowDurationMins, resetsAt } = window;
  return { usedPercent, windowMinutes: windowDurationMins ?? null, resetsAt: resetsAt ?? null };
}

/** Only the status and the upstream's own code: the text itself quotes the whole body, the e-mail address included. */
function refusalOf(text: unknown): ProbeError {
  const [, status, rest = ""] = (typeof text === "string" && / failed: (\d{3})\b(.*)/s.exec(text)) || [];
  if (status === undefined) {
    return failure("PROBE_UNANSWERED", "the Codex CLI could not read the limits", {});
  }
  return refused(Number(status), refusalReason(parseJson(/ body=(.*)$/s.exec(rest)?.[1] ?? "")));
}
