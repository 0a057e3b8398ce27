import { changedAccount } from "../http/changed-account.ts";
import { route } from "../route.ts";
import { accountChangedSchema, enabledRequestSchema } from "../schemas/account.ts";

export const setEnabled = route({
  method: "PUT",
  path: "/api/accounts/:alias/enabled",
  summary: "Let an account serve, or take it out of the rotation",
  body: enabledRequestSchema,
  answer: accountChangedSchema,
  errors: ["ACCOUNT_NOT_FOUND", "ALREADY_IN_STATE", "LAST_ENABLED_ACCOUNT", "UPDATE_IN_PROGRESS"],
  handle: ({ params: { alias }, body, actor }, deps) =>
    changedAccount(alias, deps, () => deps.ports.changes(actor).setEnabled(alias, body)),
});
