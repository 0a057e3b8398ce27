import { route } from "../route.ts";
import { loginImportSchema, loginsImportedSchema } from "../schemas/logins.ts";

export const importLogin = route({
  method: "POST",
  path: "/api/logins/import",
  summary: "Link what the Codex CLI or OpenCode is signed in as, as `oma import` does",
  body: loginImportSchema,
  answer: loginsImportedSchema,
  errors: ["AUTH_FILE_UNREADABLE", "AUTH_FILE_INVALID", "AUTH_FILE_WITHOUT_LOGIN"],
  handle: ({ body, actor }, { ports }) =>
    ports
      .changes(actor)
      .importLogins(body.source)
      .map((accounts) => ({ accounts })),
});
