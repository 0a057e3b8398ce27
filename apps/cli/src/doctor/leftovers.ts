import { findLeftovers } from "@open-multi-auth/core-store/node";
import type { Context } from "../context.ts";
import { earlierPlaces } from "../import/earlier-places.ts";
import { whatIsIn } from "../present/leftovers.ts";
import { fine, warning, type Finding } from "./check.ts";

/** Whether earlier plugins left files with secrets. */
export async function checkLeftovers({ env }: Pick<Context, "env">, storeFile: string): Promise<Finding[]> {
  const leftovers = await findLeftovers(earlierPlaces(env, storeFile));
  if (leftovers.length === 0) return [fine("leftovers", "earlier plugins left no file with secrets")];
  return leftovers.map((leftover) =>
    warning(
      "leftovers",
      `${leftover.path}: ${whatIsIn(leftover)}`,
      leftover.kind === "store"
        ? "`oma import --from` it, then delete it"
        : "delete it if you need it no more",
    ),
  );
}
