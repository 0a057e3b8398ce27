import { err, ok } from "neverthrow";
import { linkNotFound } from "../http/not-found.ts";
import { route } from "../route.ts";
import { linkViewSchema } from "../schemas/link.ts";

export const showLink = route({
  method: "GET",
  path: "/api/links/:id",
  summary: "How far a sign-in is",
  answer: linkViewSchema,
  errors: ["LINK_NOT_FOUND"],
  handle: ({ params: { id } }, { ports }) => {
    const found = ports.state.link(id);
    return found === undefined ? err(linkNotFound(id)) : ok(found);
  },
});
