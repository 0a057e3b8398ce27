import { ok } from "neverthrow";
import { z } from "zod";
import { route } from "../route.ts";
import { healthSchema } from "../schemas/state.ts";

export const health = route({
  method: "GET",
  path: "/api/health",
  summary: "Whether the server lives, its version and the state of the store",
  open: true,
  query: z.object({ nonce: z.string().min(16).max(128).optional() }),
  answer: healthSchema,
  handle: ({ query }, { ports, sessions, version }) =>
    ok({
      status: "ok" as const,
      version,
      store: ports.state.view().store.state,
      ...(query.nonce !== undefined && { proof: sessions.proof(query.nonce) }),
    }),
});
