import { route } from "../route.ts";
import { oneOrAllSchema, tokensRefreshedSchema } from "../schemas/limits.ts";

export const refreshTokens = route({
  method: "POST",
  path: "/api/tokens/refresh",
  summary: "Renew the tokens of one account or of all",
  body: oneOrAllSchema.optional(),
  answer: tokensRefreshedSchema,
  errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_DISABLED", "TOKEN_REFRESH_FAILED"],
  handle: ({ body, actor }, { ports }) => ports.changes(actor).refreshTokens(body?.alias),
});
