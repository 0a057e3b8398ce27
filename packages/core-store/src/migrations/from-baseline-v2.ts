import type { EpochMs } from "@open-multi-auth/domain";
import { byAlias } from "./from-v1.ts";
import type { Drafts, Fields } from "./types.ts";

/**
 * The baseline's second shape: force fields and settings beside the accounts.
 *
 * A nested `force`, which its own migration made, never held anything: only the flat fields count.
 */
export function fromBaselineV2(json: Fields, at: EpochMs): Drafts {
  return byAlias("baseline-v2", json, at);
}
