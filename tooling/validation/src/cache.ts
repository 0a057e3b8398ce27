import { join } from "node:path";
import { ROOT } from "./pack.ts";

/** What the commands here leave for each other in a workspace; kept out of git. */
export const cacheOf = (root: string): string => join(root, "node_modules/.cache/open-multi-auth");

export const CACHE = cacheOf(ROOT);
