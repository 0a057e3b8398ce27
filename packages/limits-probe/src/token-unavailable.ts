import { failure } from "@open-multi-auth/domain";
import type { ProbeError } from "./errors.ts";

/** There is nothing to ask with, whatever the source. */
export const tokenUnavailable = (cause: { readonly code: string; readonly message: string }): ProbeError =>
  failure(
    "PROBE_TOKEN_UNAVAILABLE",
    `there is no access token: ${cause.message}`,
    { code: cause.code },
    cause,
  );
