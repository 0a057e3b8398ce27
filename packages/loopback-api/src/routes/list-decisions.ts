import { decisionView, matching } from "../decision-view.ts";
import { route } from "../route.ts";
import { decisionsQuerySchema, decisionsSchema } from "../schemas/decision.ts";

/** Records that are searched for those of one account: as many as are kept. */
const ALL = 100_000;

export const listDecisions = route({
  method: "GET",
  path: "/api/decisions",
  summary: "Which requests went where, and why; newest first",
  query: decisionsQuerySchema,
  answer: decisionsSchema,
  handle: ({ query }, { ports }) =>
    ports.decisions
      .read(query.alias === undefined && query.before === undefined ? query.limit : ALL)
      .map((records) => ({ decisions: matching(records, query).map(decisionView) })),
});
