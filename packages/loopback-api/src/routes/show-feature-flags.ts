import { ok } from "neverthrow";
import { route } from "../route.ts";
import { featureFlagsSchema } from "../schemas/settings.ts";

export const showFeatureFlags = route({
  method: "GET",
  path: "/api/settings/feature-flags",
  summary: "Which of what is not of the core is on",
  answer: featureFlagsSchema,
  handle: (_call, { ports }) => ok(ports.state.settings().settings.featureFlags),
});
