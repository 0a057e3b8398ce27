import { settingsViewSchema } from "@open-multi-auth/domain";
import { route } from "../route.ts";
import { settingsPatchSchema } from "../schemas/settings.ts";

export const changeSettings = route({
  method: "PUT",
  path: "/api/settings",
  summary: "Change settings by a merge patch: all of it or nothing",
  body: settingsPatchSchema,
  answer: settingsViewSchema,
  handle: ({ body, actor }, { ports }) => ports.changes(actor).changeSettings(body),
});
