import { route } from "../route.ts";
import { featureFlagsSchema, settingsPatchSchema } from "../schemas/settings.ts";

export const changeFeatureFlags = route({
  method: "PUT",
  path: "/api/settings/feature-flags",
  summary: "Turn flags on or off",
  body: settingsPatchSchema,
  answer: featureFlagsSchema,
  handle: ({ body, actor }, { ports }) =>
    ports
      .changes(actor)
      .changeFeatureFlags(body)
      .map(({ settings }) => settings.featureFlags),
});
