import { forceViewSchema } from "@open-multi-auth/domain";
import { ok } from "neverthrow";
import { route } from "../route.ts";

export const showForce = route({
  method: "GET",
  path: "/api/force",
  summary: "Which account is pinned, and until when",
  answer: forceViewSchema,
  handle: (_call, { ports }) => ok(ports.state.force()),
});
