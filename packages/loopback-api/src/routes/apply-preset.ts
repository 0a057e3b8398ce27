import { settingsViewSchema } from "@open-multi-auth/domain";
import { route } from "../route.ts";
import { presetRequestSchema } from "../schemas/settings.ts";

export const applyPreset = route({
  method: "POST",
  path: "/api/settings/preset",
  summary: "Apply a preset like any other change",
  body: presetRequestSchema,
  answer: settingsViewSchema,
  handle: ({ body, actor }, { ports }) => ports.changes(actor).applyPreset(body.name),
});
