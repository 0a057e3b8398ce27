import { started } from "../http/started.ts";
import { route } from "../route.ts";
import { linkStartedSchema, reauthRequestSchema } from "../schemas/link.ts";

export const reauthAccount = route({
  method: "POST",
  path: "/api/accounts/:alias/reauth",
  summary: "Begin a sign-in that renews the login of this account only",
  body: reauthRequestSchema.optional(),
  answer: linkStartedSchema,
  status: 202,
  errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_DISABLED", "REAUTH_IN_PROGRESS", "REDIRECT_PORTS_TAKEN"],
  handle: ({ params: { alias }, body, actor }, { ports }) =>
    ports
      .changes(actor)
      .reauth(alias, body ?? {})
      .map(started),
});
