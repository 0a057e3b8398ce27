import { forceViewSchema, parseForceRequest } from "@open-multi-auth/domain";
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
    parseForceRequest(body).asyncAndThen(({ alias }) => ports.changes(actor).force(alias)),
});
