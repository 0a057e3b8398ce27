import type { Clock, Random } from "@open-multi-auth/domain";
import type { KeySource } from "../key-source.ts";
import { noKeys } from "./keys.ts";
import { currentUid, type Uid } from "./safe-file.ts";

/** What the file operations need of their surroundings. */
export interface Context {
  readonly clock: Clock;
  readonly random: Random;
  /** Whose files are trusted. */
  readonly uid: Uid;
  /** What opens encrypted files. */
  readonly keys: KeySource;
}

/** The surroundings of this process. */
export const contextOf = (deps: {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys?: KeySource | undefined;
}): Context => ({
  clock: deps.clock,
  random: deps.random,
  uid: currentUid(),
  keys: deps.keys ?? noKeys,
});
