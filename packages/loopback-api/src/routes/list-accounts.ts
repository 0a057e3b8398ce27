import { ok } from "neverthrow";
import { route } from "../route.ts";
import { accountsSchema } from "../schemas/account.ts";

export const listAccounts = route({
  method: "GET",
  path: "/api/accounts",
  summary:
    "Every account with its eligibility and reasons, health, cooldown, limits and how far they can be trusted",
  answer: accountsSchema,
  handle: (_call, { ports }) => ok({ accounts: ports.state.accounts() }),
});
