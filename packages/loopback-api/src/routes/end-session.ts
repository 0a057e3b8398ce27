import { ok } from "neverthrow";
import { route } from "../route.ts";
import { sessionSchema } from "../schemas/session.ts";

export const endSession = route({
  method: "DELETE",
  path: "/api/session",
  summary: "End the session of this page",
  answer: sessionSchema,
  handle({ request }, { sessions, events }) {
    const cookie = sessions.end(request);
    events.dismiss();
    return ok(Response.json({ status: "ok" }, { headers: { "set-cookie": cookie } }));
  },
});
