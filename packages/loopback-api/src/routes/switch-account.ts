import { alone } from "../http/changed-account.ts";
import { route } from "../route.ts";
import { switchedSchema, switchRequestSchema } from "../schemas/account.ts";

export const switchAccount = route({
  method: "POST",
  path: "/api/accounts/:alias/switch",
  summary: "Sign the Codex CLI in with this account",
  body: switchRequestSchema.optional(),
  answer: switchedSchema,
  errors: [
    "ACCOUNT_NOT_FOUND",
    "CODEX_LOGIN_UNLINKED",
    "CODEX_FILE_CHANGED",
    "REAUTH_NEEDED",
    "UPDATE_IN_PROGRESS",
  ],
  handle: ({ params: { alias }, body, actor }, deps) =>
    alone(alias, deps, () => deps.ports.changes(actor).switchTo(alias, body?.replace ?? false)),
});
