import { failure, type Failure } from "@open-multi-auth/domain";
import { err } from "neverthrow";
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
  handle: async ({ body, isOtherUser }, { sessions, events }) => {
    if (await isOtherUser()) return err(ofOtherUser());
    return (
      sessions
        .begin(body.code)
        // Where there are too many, the oldest session has given way.
        .andTee(() => events.dismiss())
        .map((cookie) => Response.json({ status: "ok" }, { headers: { "set-cookie": cookie } }))
    );
  },
});

/** The code is in the address that a browser is started with, where every user of the machine can read it. */
const ofOtherUser = (): Failure<"LAUNCH_CODE_INVALID", { fix: string }> =>
  failure("LAUNCH_CODE_INVALID", "another user of this machine began this server", {
    fix: "run `oma dashboard` yourself",
  });
