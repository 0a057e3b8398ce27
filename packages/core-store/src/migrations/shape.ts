import type { EarlierShape, Fields } from "./types.ts";
import { isFields } from "./values.ts";

/**
 * Tells which earlier plugin's shape a file has; `undefined` for anything else, a store of ours among it.
 *
 * The version number does not tell: version 2 is written for accounts by alias and for lists alike.
 */
export function earlierShape(json: unknown): EarlierShape | undefined {
  if (!isFields(json)) return undefined;
  const { accounts, version } = json;
  if (Array.isArray(accounts)) return isLabelled(json) ? "labelled-list" : "account-list";
  if (!isFields(accounts) || isOurs(json, accounts)) return undefined;
  if (version === undefined || version === 1) return "v1";
  return version === 2 ? "baseline-v2" : undefined;
}

/** Whether a file is an encrypted store of the baseline. */
export const isEnvelope = (json: unknown): json is Fields => isFields(json) && json["encrypted"] === true;

const isLabelled = (json: object): boolean =>
  "activeIndexByFamily" in json || ("version" in json && json.version === 3);

/** Rotation state and ids of accounts are in every store of ours and in no other. */
function isOurs(json: object, accounts: object): boolean {
  return "rotation" in json || Object.values(accounts).some((entry) => isFields(entry) && "id" in entry);
}
