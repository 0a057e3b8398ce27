import { alone } from "../http/changed-account.ts";
import { route } from "../route.ts";
import { accountRemovedSchema } from "../schemas/account.ts";

export const removeAccount = route({
  method: "DELETE",
  path: "/api/accounts/:alias",
  summary: "Forget an account and its login",
  answer: accountRemovedSchema,
  errors: ["ACCOUNT_NOT_FOUND", "UPDATE_IN_PROGRESS"],
  handle: ({ params: { alias }, actor }, deps) =>
    alone(alias, deps, () => deps.ports.changes(actor).remove(alias)).map(() => ({ alias })),
});
