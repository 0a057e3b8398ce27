import { type StoreV2 } from "@open-multi-auth/domain";
import { checkAccount, checkEnvelope, duplicate } from "./check-store.ts";
import type { ForeignShape, Issue } from "./errors.ts";

/** An entry of `accounts` that is not an account. */
export interface BrokenAccount {
  readonly alias: string;
  readonly entry: unknown;
  readonly issues: readonly Issue[];
}

/** What a file's bytes are. */
export type Parsed =
  | { readonly kind: "store"; readonly store: StoreV2; readonly broken: readonly BrokenAccount[] }
  | { readonly kind: "empty" }
  /** `wasSealed`: it was encrypted before it broke. */
  | { readonly kind: "corrupted"; readonly issue: Issue; readonly wasSealed?: true }
  | { readonly kind: "foreign"; readonly shape: ForeignShape; readonly version?: number };

/**
 * Tells what a store file holds, by its shape rather than by its version number.
 *
 * Values are kept as they were read: fields that this version does not know survive the next write. No message
 * repeats a value, since any of them may be a secret.
 */
export function parseStore(bytes: Uint8Array): Parsed {
  const json = parseJson(bytes);
  if (json === undefined) return corrupted("must be JSON in UTF-8");
  if (json === EMPTY) return { kind: "empty" };
  if (!isObject(json)) return corrupted("must be a JSON object");
  const foreign = foreignShape(json);
  if (foreign !== undefined) return foreign;
  const issue = checkEnvelope(json)[0];
  if (issue !== undefined) return { kind: "corrupted", issue };
  if (!isObject(json["accounts"])) return corrupted("must be an object of accounts by alias", "accounts");
  return separate(json, json["accounts"]);
}

const EMPTY = Symbol("empty");

function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.trim() === "" ? EMPTY : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const corrupted = (constraint: string, path = ""): Parsed => ({
  kind: "corrupted",
  issue: { path, constraint },
});

function foreignShape(json: Readonly<Record<string, unknown>>): Parsed | undefined {
  const { version, accounts } = json;
  if (json["encrypted"] === true) return { kind: "foreign", shape: "encrypted" };
  if (typeof version === "number" && version > 2) return { kind: "foreign", shape: "newer", version };
  if (Array.isArray(accounts)) return { kind: "foreign", shape: "account-list" };
  if (version === undefined) return { kind: "foreign", shape: isObject(accounts) ? "v1" : "unknown" };
  if (isObject(accounts) && isBaseline(json, accounts)) return { kind: "foreign", shape: "baseline-v2" };
  return undefined;
}

/** The baseline's v2 has neither rotation state nor ids of its own; a store of ours cannot have lost them all. */
function isBaseline(json: object, accounts: object): boolean {
  return !("rotation" in json) && !Object.values(accounts).some((entry) => isObject(entry) && "id" in entry);
}

function separate(json: object, entries: Readonly<Record<string, unknown>>): Parsed {
  const broken: BrokenAccount[] = [];
  const sound: [string, unknown][] = [];
  const ids = new Set<unknown>();
  for (const [alias, entry] of Object.entries(entries)) {
    const issues = checkAccount(alias, entry);
    const id = isObject(entry) ? entry["id"] : undefined;
    if (issues.length === 0 && ids.has(id)) issues.push(duplicate(alias));
    if (issues.length > 0) broken.push({ alias, entry, issues });
    else sound.push([alias, entry]);
    if (issues.length === 0) ids.add(id);
  }
  const accounts = broken.length === 0 ? entries : Object.fromEntries(sound);
  return { kind: "store", store: asStore({ ...json, accounts }), broken };
}

/** Every part was checked above; the parser's own copy is not used, since it orders fields anew. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const asStore = (checked: object): StoreV2 => checked as StoreV2;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
