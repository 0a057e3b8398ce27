import { seriesViewSchema } from "@open-multi-auth/domain";
import { route } from "../route.ts";
import { seriesQuerySchema } from "../schemas/records.ts";

export const showSeries = route({
  method: "GET",
  path: "/api/series",
  summary: "What the pool did and had left, hour by hour, for 30 days at most; oldest first",
  query: seriesQuerySchema,
  answer: seriesViewSchema,
  handle: ({ query }, { ports }) => ports.records.series(query.days),
});
