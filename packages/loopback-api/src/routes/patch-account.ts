import { changedAccount } from "../http/changed-account.ts";
import { route } from "../route.ts";
import { accountChangedSchema, accountPatchSchema } from "../schemas/account.ts";

export const patchAccount = route({
  method: "PATCH",
  path: "/api/accounts/:alias",
  summary: "Rename an account, tag it, note something, weigh it, reserve a part of it: all of it or nothing",
  body: accountPatchSchema,
  answer: accountChangedSchema,
  errors: ["ACCOUNT_NOT_FOUND", "ALIAS_TAKEN", "ALIAS_INVALID", "DETAILS_INVALID", "UPDATE_IN_PROGRESS"],
  handle: ({ params: { alias }, body, actor }, deps) =>
    changedAccount(alias, deps, () => deps.ports.changes(actor).patch(alias, body), body.alias),
});
