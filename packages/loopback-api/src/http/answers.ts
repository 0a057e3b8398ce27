import { failure, redact, type Failure } from "@open-multi-auth/domain";
import { withFix } from "./fixes.ts";
import { statusOf } from "./statuses.ts";

/** The answer to a request that came to nothing. `message` and `details` are redacted once more, on their way out. */
export function failed(problem: Failure): Response {
  const told = problem.code.startsWith("STORE_") ? storeUnavailable(withFix(problem)) : problem;
  return Response.json({ error: shown(withFix(told)) }, { status: statusOf(told) });
}

/** Why the store cannot be used is of its package; to a client it is one thing. */
const storeUnavailable = ({ code, message, details }: Failure): Failure<"STORE_UNAVAILABLE"> =>
  failure("STORE_UNAVAILABLE", `the store cannot be used: ${message}`, { ...details, reason: code });

function shown({ code, message, details }: Failure): object {
  const hasDetails = Object.keys(details).length > 0;
  return {
    code,
    message: redact(message),
    ...(hasDetails && { details: JSON.parse(redact(JSON.stringify(details))) }),
  };
}

export const routeNotFound = (): Failure<"ROUTE_NOT_FOUND"> =>
  failure("ROUTE_NOT_FOUND", "there is no such route", {});

/** A bug of ours. What was thrown is for the log; to the client it may tell too much. */
export const internalError = (): Failure<"INTERNAL_ERROR"> =>
  failure("INTERNAL_ERROR", "something went wrong here; the server goes on", {});
