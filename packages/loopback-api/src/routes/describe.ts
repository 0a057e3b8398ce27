import { ok } from "neverthrow";
import { z } from "zod";
import { route } from "../route.ts";

export const describe = route({
  method: "GET",
  path: "/api/openapi.json",
  summary: "This description",
  answer: z.record(z.string(), z.unknown()),
  handle: (_call, { describe: made }) => ok({ ...made() }),
});
