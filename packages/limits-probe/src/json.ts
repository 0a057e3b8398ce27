import { failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";
import type { ProbeError } from "./errors.ts";

/** The value of a JSON text; `undefined` where it is none, which JSON itself cannot say. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Checks an answer's form; the error names the field, never its value. */
export function checkForm<T>(schema: z.ZodType<T>, value: unknown): Result<T, ProbeError> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err(invalid(parsed.error.issues[0]?.path.join(".") || "body"));
}

export const invalid = (field: string): ProbeError =>
  failure("PROBE_ANSWER_INVALID", `the answer is not whole, or of an unknown form, at ${field}`, { field });
