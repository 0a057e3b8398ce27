import { route } from "../route.ts";
import { linkViewSchema } from "../schemas/link.ts";

export const cancelLink = route({
  method: "DELETE",
  path: "/api/links/:id",
  summary: "Give a sign-in up",
  answer: linkViewSchema,
  errors: ["LINK_NOT_FOUND"],
  handle: ({ params: { id }, actor }, { ports }) => ports.changes(actor).cancelLink(id),
});
