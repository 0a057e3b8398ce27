import { z } from "zod";
import { route } from "../route.ts";
import { linkViewSchema } from "../schemas/link.ts";

export const pasteLink = route({
  method: "POST",
  path: "/api/links/:id/callback",
  summary: "Take the address that a browser on another machine ended at",
  body: z.strictObject({ address: z.string().min(1).max(8_000) }),
  answer: linkViewSchema,
  errors: ["LINK_NOT_FOUND", "LINK_NOT_WAITING", "CALLBACK_INVALID", "CALLBACK_STATE_MISMATCH"],
  handle: ({ params: { id }, body, actor }, { ports }) => ports.changes(actor).pasteLink(id, body.address),
});
