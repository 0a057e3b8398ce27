import {
  accountSchema,
  constraintOf,
  storeEnvelopeSchema,
  storeSchema,
  type StoreV2,
} from "@open-multi-auth/domain";
import type { Issue } from "./errors.ts";

const aliasKey = storeSchema.shape.accounts.keyType;

/** Accounts are immutable, so one that was found valid stays valid. */
const valid = new WeakSet<object>();

/** What keeps a store from being one; `undefined` when it is valid. Accounts seen before cost nothing. */
export function checkStore(store: StoreV2): Issue | undefined {
  const ids = new Set<string>();
  for (const [alias, account] of Object.entries(store.accounts)) {
    const issue = checkAccount(alias, account)[0];
    if (issue !== undefined) return issue;
    if (ids.has(account.id)) return duplicate(alias);
    ids.add(account.id);
  }
  return checkEnvelope(store)[0];
}

/** Problems of everything but the accounts. */
export function checkEnvelope(store: unknown): Issue[] {
  return issuesOf(storeEnvelopeSchema.safeParse(store).error, []);
}

/** Problems of one account under its alias. */
export function checkAccount(alias: string, account: unknown): Issue[] {
  const known = typeof account === "object" && account !== null && valid.has(account);
  const issues = [
    ...issuesOf(aliasKey.safeParse(alias).error, [alias]),
    ...(known ? [] : issuesOf(accountSchema.safeParse(account).error, [alias])),
  ];
  if (issues.length > 0 || !isNamed(account)) return issues;
  if (account.alias !== alias) {
    return [{ path: `accounts.${alias}.alias`, constraint: "must be the same as the key it stands under" }];
  }
  valid.add(account);
  return [];
}

/** The id is what everything else refers to an account by. */
export const duplicate = (alias: string): Issue => ({
  path: `accounts.${alias}.id`,
  constraint: "must be an id that no other account has",
});

interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

function issuesOf(error: SchemaError | undefined, alias: readonly string[]): Issue[] {
  const prefix = alias.length === 0 ? [] : ["accounts", ...alias];
  return (error?.issues ?? []).map((issue) => ({
    path: [...prefix, ...issue.path.map(String)].join("."),
    constraint: constraintOf(issue.message),
  }));
}

const isNamed = (account: unknown): account is { alias: unknown } =>
  typeof account === "object" && account !== null && "alias" in account;
