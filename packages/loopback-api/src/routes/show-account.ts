import { err, ok } from "neverthrow";
import { accountNotFound } from "../http/not-found.ts";
import { route } from "../route.ts";
import { accountDetailSchema } from "../schemas/account.ts";

export const showAccount = route({
  method: "GET",
  path: "/api/accounts/:alias",
  summary: "One account with the history of its limits",
  answer: accountDetailSchema,
  errors: ["ACCOUNT_NOT_FOUND"],
  handle: ({ params: { alias } }, { ports }) => {
    const found = ports.state.account(alias);
    return found === undefined ? err(accountNotFound(alias)) : ok(found);
  },
});
