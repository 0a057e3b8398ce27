import { epochMs, toIso, type EpochMs } from "@open-multi-auth/domain";
import { fromBaselineAccount } from "./baseline-account.ts";
import { listed } from "./from-account-list.ts";
import type { Drafts, Fields } from "./types.ts";
import { defined, instantOf, textOf, without } from "./values.ts";

/** Fields that have a name of their own in ours; the others are kept as they are. */
const RENAMED: ReadonlySet<string> = new Set([
  "accountTags",
  "accountNote",
  "tokenRotatedAt",
  "coolingDownUntil",
]);

/** A list of accounts with labels, tags and notes, cooldowns by family of models, and several workspaces per e-mail. */
export function fromLabelledList(json: Fields, at: EpochMs): Drafts {
  return listed("labelled-list", json, (entry) => fromLabelledAccount(entry, at));
}

function fromLabelledAccount(entry: Fields, at: EpochMs): Fields {
  const rotatedAt = instantOf(entry["tokenRotatedAt"]);
  const invalidatedAt = instantOf(entry["authInvalidatedAt"]);
  return defined({
    ...without(fromBaselineAccount(entry, at), RENAMED),
    tags: entry["tags"] ?? entry["accountTags"] ?? [],
    notes: entry["notes"] ?? entry["accountNote"] ?? undefined,
    lastRefresh: textOf(entry["lastRefresh"]) ?? (rotatedAt === undefined ? undefined : toIso(rotatedAt)),
    rateLimitedUntil: entry["rateLimitedUntil"] ?? positive(entry["coolingDownUntil"]),
    authInvalid: entry["authInvalid"] ?? (invalidatedAt === undefined ? undefined : invalidatedAt > 0),
  });
}

/** These stores write 0 for never. */
function positive(value: unknown): EpochMs | undefined {
  const at = instantOf(value) ?? epochMs(0);
  return at > 0 ? at : undefined;
}
