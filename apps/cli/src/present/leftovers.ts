import type { Leftover } from "@open-multi-auth/core-store/node";
import { plain } from "./text.ts";

const WHAT: Readonly<Record<Leftover["kind"], string>> = {
  store: "accounts and tokens of an earlier plugin",
  backup: "a backup of them",
  "last-known-good": "a copy of them",
  temporary: "a copy that an interrupted write left",
  credentials: "passwords in plain text",
  "probe-home": "tokens of an account",
  "earlier-copy": "the store as it was before its migration",
};

/** What a file that was left behind holds. */
export const whatIsIn = ({ kind }: Leftover): string => WHAT[kind];

/** Names the files that earlier plugins left, if there are any. */
export function leftoverLines(leftovers: readonly Leftover[]): string[] {
  if (leftovers.length === 0) return [];
  return [
    "These files hold secrets and were left as they are. Delete them when everything works:",
    ...leftovers.map((leftover) => `  ${plain(leftover.path)}: ${whatIsIn(leftover)}`),
  ];
}
