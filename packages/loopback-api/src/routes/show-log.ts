import { route } from "../route.ts";
import { logQuerySchema, logSchema } from "../schemas/records.ts";

export const showLog = route({
  method: "GET",
  path: "/api/logs",
  summary: "Requests, changes and incidents as lines, newest first, as `oma logs` prints them",
  query: logQuerySchema,
  answer: logSchema,
  handle: ({ query }, { ports }) => ports.records.log(query).map((entries) => ({ entries })),
});
