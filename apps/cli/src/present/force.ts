import type { EpochMs, ForceView } from "@open-multi-auth/domain";
import { plain } from "./text.ts";
import { spokenInstant } from "./time.ts";

/** Force mode in one line: whom, until when, and what follows. */
export function forceText({ active, alias, until, by, strategy }: ForceView, now: EpochMs): string {
  if (!active || alias === undefined) return `no account is forced; strategy ${strategy}`;
  const end = until === undefined ? "" : ` until ${until} (${spokenInstant(until, now)})`;
  const who = by === undefined ? "" : `, by ${plain(by.user ?? by.via)}`;
  return `${alias} is forced${end}${who}; then strategy ${strategy}`;
}
