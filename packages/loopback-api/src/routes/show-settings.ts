import { ok } from "neverthrow";
import { route } from "../route.ts";
import { settingsAnswerSchema } from "../schemas/settings.ts";

export const showSettings = route({
  method: "GET",
  path: "/api/settings",
  summary: "Every effective setting, and which layer it comes from",
  answer: settingsAnswerSchema,
  handle: (_call, { ports }) => ok(ports.state.settings()),
});
