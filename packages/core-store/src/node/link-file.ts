import { link } from "node:fs/promises";
import { errnoOf, writing } from "./fault.ts";

/** Gives a file a second name, so that it is never missing; false when somebody has that name. */
export async function linkFile(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return false;
    return writing(name, Promise.reject(thrown));
  }
}
