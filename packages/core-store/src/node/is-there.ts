import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import { errnoOf, reading } from "./fault.ts";

/** Whether a path has anything, be it a link to nowhere. */
export const isThere = async (path: string): Promise<boolean> => (await statsOf(path)) !== undefined;

/** What a path itself is, links not followed; `undefined` where there is nothing. */
export const statsOf = async (path: string): Promise<BigIntStats | undefined> =>
  lstat(path, { bigint: true }).catch((thrown: unknown) =>
    errnoOf(thrown) === "ENOENT" ? undefined : reading(path, Promise.reject(thrown)),
  );
