import { join } from "node:path";
import { ROOT } from "./pack.ts";

/** What the commands here leave for each other; kept out of git. */
export const CACHE = join(ROOT, "node_modules/.cache/open-multi-auth");
