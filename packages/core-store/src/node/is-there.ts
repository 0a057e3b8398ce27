import { lstat } from "node:fs/promises";

/** Whether a path has anything, be it a link to nowhere. */
export const isThere = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
