import { route } from "../route.ts";
import { apiEventSchema } from "../schemas/events.ts";

export const events = route({
  method: "GET",
  path: "/api/events",
  summary: "What happens, as server-sent events; `Last-Event-ID` resumes after what was seen",
  media: "text/event-stream",
  answer: apiEventSchema,
  errors: ["TOO_MANY_READERS"],
  handle: ({ request }, deps) =>
    deps.events.open(request.headers.get("last-event-id") ?? undefined).map(
      (stream) =>
        new Response(stream, {
          headers: {
            "content-type": "text/event-stream",
            "cache-control": "no-store",
            "x-accel-buffering": "no",
          },
        }),
    ),
});
