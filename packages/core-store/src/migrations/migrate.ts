import { epochMs, type Account, type Alias, type EpochMs, type StoreV2 } from "@open-multi-auth/domain";
import { checkAccount } from "../check-store.ts";
import type { Issue } from "../errors.ts";
import type { BrokenAccount } from "../parse-store.ts";
import { deriveId } from "./account-ids.ts";
import { nameAccounts } from "./aliases.ts";
import { migrateEnvelope } from "./envelope.ts";
import { fromAccountList } from "./from-account-list.ts";
import { fromBaselineV2 } from "./from-baseline-v2.ts";
import { fromLabelledList } from "./from-labelled-list.ts";
import { fromV1 } from "./from-v1.ts";
import { earlierShape } from "./shape.ts";
import type { Draft, Drafts, EarlierShape, Fields, Migrated } from "./types.ts";
import { isFields } from "./values.ts";

/**
 * Turns an earlier plugin's store into one of version 2. The same input gives the same bytes.
 *
 * Accounts keep their tokens, tags, notes, usage, limits (as observed) and newest history, and every field that we
 * do not know. An entry that is no account does not cost the others: it is handed back whole in the report.
 *
 * @param json the parsed file, decrypted where it was encrypted
 * @param at the instant for what the file does not date
 * @returns `undefined` when the file has none of the shapes
 */
export function migrateStore(json: unknown, at: EpochMs): Migrated | undefined {
  const shape = earlierShape(json);
  return shape === undefined || !isFields(json) ? undefined : assemble(STEPS[shape](json, at), at);
}

const STEPS: Readonly<Record<EarlierShape, (json: Fields, at: EpochMs) => Drafts>> = {
  v1: fromV1,
  "baseline-v2": fromBaselineV2,
  "account-list": fromAccountList,
  "labelled-list": fromLabelledList,
};

function assemble(source: Drafts, at: EpochMs): Migrated {
  const aliases = nameAccounts(source.drafts);
  const ids = new Set<string>();
  const accounts: [Alias, Account][] = [];
  const broken: BrokenAccount[] = [];
  const byKey = new Map<string, Alias>();
  for (const [index, draft] of source.drafts.entries()) {
    const alias = aliases[index];
    if (alias === undefined) continue;
    const account = accountOf(draft, alias, ids, epochMs(at + index));
    const issues = draft.fields === undefined ? NO_OBJECT : problemsOf(alias, account);
    if (issues.length > 0)
      broken.push({ alias: draft.key, entry: draft.entry, issues: issuesAt(draft, alias, issues) });
    else {
      ids.add(account.id);
      byKey.set(draft.key, alias);
      accounts.push([alias, account]);
    }
  }
  const { envelope, dropped } = migrateEnvelope(source, (key) => byKey.get(key));
  // Aliases last: a file of many accounts is then easy to read.
  const store: StoreV2 = { ...envelope, accounts: Object.fromEntries(accounts) };
  const renamed = source.drafts.flatMap((draft) => renaming(draft, byKey.get(draft.key)));
  return { store, report: { shape: source.shape, broken, renamed, dropped } };
}

/** Accounts are linked one after the other, in the order of the file: strategies go by it. */
function accountOf(draft: Draft, alias: Alias, ids: ReadonlySet<string>, linkedAt: EpochMs): Account {
  const { fields = {} } = draft;
  const made = {
    addedAt: linkedAt,
    ...fields,
    id: deriveId(fields, alias, ids),
    alias,
    health: { state: "healthy", failures: 0, successes: 0, since: linkedAt },
  };
  // Checked before it is used.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return made as unknown as Account;
}

const NO_OBJECT: readonly Issue[] = [{ path: "", constraint: "must be an object" }];

/** What keeps it from being an account that can ever be used. */
function problemsOf(alias: Alias, account: Account): Issue[] {
  const issues = checkAccount(alias, account);
  if (issues.length > 0) return issues;
  const path = `accounts.${alias}`;
  if (account.refreshToken === "")
    return [{ path: `${path}.refreshToken`, constraint: "must be a refresh token" }];
  // It becomes a header of requests.
  return /^[\x21-\x7e]*$/.test(account.accessToken)
    ? []
    : [
        {
          path: `${path}.accessToken`,
          constraint: "must be a token without spaces, line breaks or other unusual characters",
        },
      ];
}

/** Problems are told by where they are in the earlier file. */
function issuesAt({ key }: Draft, alias: Alias, issues: readonly Issue[]): Issue[] {
  return issues.map(({ path, constraint }) => ({
    path: `accounts.${key}${path.slice(`accounts.${alias}`.length)}`,
    constraint,
  }));
}

function renaming(draft: Draft, to: Alias | undefined): { from: string; to: Alias }[] {
  const from = draft.names[0] ?? "";
  return to === undefined || from === to ? [] : [{ from, to }];
}
