import type { Clock, Random } from "@open-multi-auth/domain";
import { currentUid, type Uid } from "./safe-file.ts";

/** What the file operations need of their surroundings. */
export interface Context {
  readonly clock: Clock;
  readonly random: Random;
  /** Whose files are trusted. */
  readonly uid: Uid;
}

/** The surroundings of this process. */
export const contextOf = (deps: { readonly clock: Clock; readonly random: Random }): Context => ({
  clock: deps.clock,
  random: deps.random,
  uid: currentUid(),
});
