import { ok } from "neverthrow";
import { route } from "../route.ts";
import { apiEventSchema } from "../schemas/events.ts";

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

export const events = route({
  method: "GET",
  path: "/api/events",
  summary: "What happens, as server-sent events; `Last-Event-ID` resumes after what was seen",
  media: "text/event-stream",
  answer: apiEventSchema,
  errors: ["TOO_MANY_READERS"],
  handle({ request }, deps) {
    // Nobody would read the stream.
    if (request.method === "HEAD") return ok(new Response(null, { headers: HEADERS }));
    return deps.events
      .open(
        request.headers.get("last-event-id") ?? undefined,
        () => deps.sessions.callerOf(request) !== undefined,
      )
      .map((stream) => new Response(stream, { headers: HEADERS }));
  },
});
