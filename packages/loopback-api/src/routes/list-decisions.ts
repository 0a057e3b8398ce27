import { decisionView, matching } from "../decision-view.ts";
import { searchNewest } from "../search-newest.ts";
import { route } from "../route.ts";
import { decisionsQuerySchema, decisionsSchema } from "../schemas/decision.ts";

export const listDecisions = route({
  method: "GET",
  path: "/api/decisions",
  summary: "Which requests went where, and why; newest first",
  query: decisionsQuerySchema,
  answer: decisionsSchema,
  handle: ({ query }, { ports }) =>
    searchNewest(ports.decisions, query.limit, (records) => {
      const found = matching(records, query);
      return found.length < query.limit ? undefined : found;
    }).map(({ found, records }) => ({
      decisions: (found ?? matching(records, query)).map(decisionView),
    })),
});
