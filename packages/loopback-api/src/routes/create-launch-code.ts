import { ok } from "neverthrow";
import { route } from "../route.ts";
import { launchCodeSchema } from "../schemas/session.ts";

export const createLaunchCode = route({
  method: "POST",
  path: "/api/launch-codes",
  summary: "A one-time code with which a page of this server begins its session within a minute",
  answer: launchCodeSchema,
  status: 201,
  handle: (_call, { sessions }) => ok(sessions.launchCode()),
});
