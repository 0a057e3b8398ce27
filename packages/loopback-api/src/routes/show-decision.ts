import { err, ok } from "neverthrow";
import { decisionView } from "../decision-view.ts";
import { decisionNotFound } from "../http/not-found.ts";
import { route } from "../route.ts";
import { decisionDetailSchema } from "../schemas/decision.ts";

const ALL = 100_000;

export const showDecision = route({
  method: "GET",
  path: "/api/decisions/:requestId",
  summary: "One request with all that its selection read",
  answer: decisionDetailSchema,
  errors: ["DECISION_NOT_FOUND"],
  handle: ({ params: { requestId } }, { ports }) =>
    ports.decisions.read(ALL).andThen((records) => {
      const found = records.find((record) => record.requestId === requestId);
      if (found === undefined) return err(decisionNotFound(requestId));
      return ok({ decision: decisionView(found), replay: { ...found.replay } });
    }),
});
