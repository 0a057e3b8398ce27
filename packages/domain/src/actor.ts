import { z } from "zod";

/** Who changed something: through which door, and the operating system's user name. */
export const actorSchema = z.looseObject({
  via: z.enum(["cli", "dashboard", "api", "plugin", "import"]),
  user: z.string().optional(),
});
export type Actor = z.infer<typeof actorSchema>;
