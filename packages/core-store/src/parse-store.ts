import { type StoreV2 } from "@open-multi-auth/domain";
import { checkAccount, checkEnvelope, duplicate } from "./check-store.ts";
import type { ForeignShape, Issue } from "./errors.ts";
import { readLines } from "./read-lines.ts";
import { isTextOf } from "./store-text.ts";
import { checkPacked, unpackAccount } from "./stored-account.ts";

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
 *
 * @param before an earlier state, whose accounts are taken over where the file has the same
 */
export function parseStore(bytes: Uint8Array, before?: StoreV2): Parsed {
  const text = decode(bytes);
  if (text === undefined) return corrupted(NOT_JSON);
  if (text.trim() === "") return { kind: "empty" };
  return parseLines(text, before) ?? parseWhole(text);
}

/**
 * Reads what we wrote ourselves, and of that only the lines that are new. What comes of it counts only where it is a
 * store whose text is this very text: so it is what reading the whole would give, whatever the text.
 */
function parseLines(text: string, before: StoreV2 | undefined): Parsed | undefined {
  const json = readLines(text, before);
  const parsed = json && classify(json);
  if (parsed?.kind !== "store" || parsed.broken.length > 0) return undefined;
  return isTextOf(text, parsed.store) ? parsed : undefined;
}

function parseWhole(text: string): Parsed {
  const json = parseJson(text);
  if (json === undefined) return corrupted(NOT_JSON);
  return isObject(json) ? classify(json) : corrupted("must be a JSON object");
}

function classify(json: Readonly<Record<string, unknown>>): Parsed {
  const foreign = foreignShape(json);
  if (foreign !== undefined) return foreign;
  const issue = checkEnvelope(json)[0];
  if (issue !== undefined) return { kind: "corrupted", issue };
  if (!isObject(json["accounts"])) return corrupted("must be an object of accounts by alias", "accounts");
  return separate(json, json["accounts"]);
}

const NOT_JSON = "must be JSON in UTF-8";

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
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
    if (isObject(entry)) issues.push(...checkPacked(alias, entry));
    if (issues.length === 0 && ids.has(id)) issues.push(duplicate(alias));
    if (issues.length > 0) broken.push({ alias, entry, issues });
    else sound.push([alias, entry]);
    if (issues.length === 0) ids.add(id);
  }
  // Those that are set aside stay as they were read.
  for (const [, entry] of sound) if (isObject(entry)) unpackAccount(entry);
  const accounts = broken.length === 0 ? entries : Object.fromEntries(sound);
  return { kind: "store", store: asStore({ ...json, accounts }), broken };
}

/** Every part was checked above; the parser's own copy is not used, since it orders fields anew. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const asStore = (checked: object): StoreV2 => checked as StoreV2;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
