import { explainOutcome } from "@open-multi-auth/domain";
import { err, ok } from "neverthrow";
import { decisionCandidates } from "../decision-candidates.ts";
import { decisionView } from "../decision-view.ts";
import { decisionNotFound } from "../http/not-found.ts";
import { route } from "../route.ts";
import { searchNewest } from "../search-newest.ts";
import { decisionDetailSchema } from "../schemas/decision.ts";

/** Mostly one is asked for that is on the page. */
const FIRST = 200;

export const showDecision = route({
  method: "GET",
  path: "/api/decisions/:requestId",
  summary: "One request with all that its selection read",
  answer: decisionDetailSchema,
  errors: ["DECISION_NOT_FOUND"],
  handle: ({ params: { requestId } }, { ports }) =>
    searchNewest(ports.decisions, FIRST, (records) =>
      records.find((record) => record.requestId === requestId),
    ).andThen(({ found }) => {
      if (found === undefined) return err(decisionNotFound(requestId));
      return ok({
        decision: decisionView(found),
        ended: explainOutcome(found.outcome),
        candidates: decisionCandidates(found),
        replay: { ...found.replay },
      });
    }),
});
