import { route } from "../route.ts";
import { limitsRequestSchema, probeProgressSchema } from "../schemas/limits.ts";

export const refreshLimits = route({
  method: "POST",
  path: "/api/limits/refresh",
  summary: "Measure the limits of one account or of all; what comes of it is told as events",
  body: limitsRequestSchema.optional(),
  answer: probeProgressSchema,
  status: 202,
  errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_DISABLED"],
  handle: ({ body, actor }, { ports }) =>
    ports.changes(actor).refreshLimits({ alias: body?.alias, maySpendQuota: body?.maySpendQuota ?? true }),
});
