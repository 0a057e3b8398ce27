import { route } from "../route.ts";
import { forceClearedSchema } from "../schemas/force.ts";

export const clearForce = route({
  method: "POST",
  path: "/api/force/clear",
  summary: "Let the strategy choose again; harmless where nothing is forced",
  answer: forceClearedSchema,
  handle: ({ actor }, { ports }) => ports.changes(actor).clearForce(),
});
