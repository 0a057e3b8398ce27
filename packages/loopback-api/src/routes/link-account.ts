import { route } from "../route.ts";
import { linkRequestSchema, linkStartedSchema } from "../schemas/link.ts";
import { started } from "../http/started.ts";

export const linkAccount = route({
  method: "POST",
  path: "/api/accounts",
  summary: "Begin a sign-in that links an account, in a browser or with a code",
  body: linkRequestSchema,
  answer: linkStartedSchema,
  status: 202,
  errors: ["ALIAS_TAKEN", "ALIAS_INVALID", "REDIRECT_PORTS_TAKEN", "DEVICE_FLOW_UNAVAILABLE"],
  handle: ({ body, actor }, { ports }) => ports.changes(actor).link(body).map(started),
});
