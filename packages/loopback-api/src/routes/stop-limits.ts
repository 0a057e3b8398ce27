import { route } from "../route.ts";
import { probeProgressSchema } from "../schemas/limits.ts";

export const stopLimits = route({
  method: "POST",
  path: "/api/limits/stop",
  summary: "Call off the probes that wait and run; the figures stay as they are",
  answer: probeProgressSchema,
  handle: ({ actor }, { ports }) => ports.changes(actor).stopLimits(),
});
