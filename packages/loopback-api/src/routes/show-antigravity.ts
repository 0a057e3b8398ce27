import { ok } from "neverthrow";
import { route } from "../route.ts";
import { antigravitySchema } from "../schemas/antigravity.ts";

export const showAntigravity = route({
  method: "GET",
  path: "/api/antigravity/status",
  summary: "Antigravity's accounts and quotas on this machine, read-only",
  flag: "antigravityEnabled",
  answer: antigravitySchema,
  handle: async (_call, { ports }) => ok(await ports.antigravity.read()),
});
