import { route } from "../route.ts";
import { sessionRequestSchema, sessionSchema } from "../schemas/session.ts";

export const beginSession = route({
  method: "POST",
  path: "/api/session",
  summary: "Exchange the one-time code of the address for a session, which a cookie holds",
  open: true,
  body: sessionRequestSchema,
  maxBytes: 1_000,
  answer: sessionSchema,
  errors: ["LAUNCH_CODE_INVALID"],
  handle: ({ body }, { sessions }) =>
    sessions
      .begin(body.code)
      .map((cookie) => Response.json({ status: "ok" }, { headers: { "set-cookie": cookie } })),
});
