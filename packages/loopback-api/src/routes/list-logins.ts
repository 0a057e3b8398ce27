import { ok } from "neverthrow";
import { route } from "../route.ts";
import { loginsSchema } from "../schemas/logins.ts";

export const listLogins = route({
  method: "GET",
  path: "/api/logins",
  summary: "What the Codex CLI and OpenCode are signed in as on this machine, to be linked",
  answer: loginsSchema,
  handle: async (_call, { ports }) => ok({ logins: await ports.logins.find() }),
});
