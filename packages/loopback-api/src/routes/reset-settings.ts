import { settingsViewSchema } from "@open-multi-auth/domain";
import { route } from "../route.ts";

export const resetSettings = route({
  method: "POST",
  path: "/api/settings/reset",
  summary: "Delete every setting that was saved",
  answer: settingsViewSchema,
  handle: ({ actor }, { ports }) => ports.changes(actor).resetSettings(),
});
