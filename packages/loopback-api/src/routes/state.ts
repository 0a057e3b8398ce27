import { ok } from "neverthrow";
import { notModified } from "../http/etag.ts";
import { route } from "../route.ts";
import { stateSchema } from "../schemas/state.ts";

export const state = route({
  method: "GET",
  path: "/api/state",
  summary:
    "All that the dashboard shows, at one moment; with an ETag that the mere passing of time does not change",
  answer: stateSchema,
  handle: ({ request }, { events }) => {
    const { body, etag } = events.newestState();
    return ok(
      notModified(request, etag) ??
        new Response(body, { headers: { "content-type": "application/json", etag } }),
    );
  },
});
