import { epochMs, forceViewSchema, parseForceRequest, toIso, type Failure } from "@open-multi-auth/domain";
import { route } from "../route.ts";
import { forceRequestSchema } from "../schemas/force.ts";

export const forceAccount = route({
  method: "POST",
  path: "/api/force",
  summary: "Pin an account over any strategy for 24 hours from its first activation",
  body: forceRequestSchema,
  answer: forceViewSchema,
  errors: ["NO_ACCOUNTS", "ACCOUNT_NOT_FOUND", "ACCOUNT_DISABLED", "ACCOUNT_NOT_ELIGIBLE"],
  handle: ({ body, actor }, { ports }) =>
    parseForceRequest(body)
      .asyncAndThen(({ alias }) => ports.changes(actor).force(alias))
      .mapErr(inIso),
});

/** Until when an account can serve nothing is an instant, as all instants of the API are written. */
function inIso(problem: Failure): Failure {
  const { until } = problem.details as { readonly until?: unknown };
  return typeof until === "number"
    ? { ...problem, details: { ...problem.details, until: toIso(epochMs(until)) } }
    : problem;
}
