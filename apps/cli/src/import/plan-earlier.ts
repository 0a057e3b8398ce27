import { freeAlias, type Migrated } from "@open-multi-auth/core-store";
import {
  accountId,
  accountsOf,
  linkAccount,
  type Account,
  type Alias,
  type EpochMs,
  type NewAccount,
  type StoreV2,
} from "@open-multi-auth/domain";
import { mergeSettings } from "./merge-settings.ts";
import { isSame, withClaims } from "./same-account.ts";

/** What is done with one account of an earlier store, and why. */
export interface PlannedAccount {
  readonly alias: Alias;
  readonly email: string | undefined;
  readonly outcome: "added" | "updated" | "kept";
  readonly why: readonly string[];
}

/** The state after an import, and how it came about. */
export interface EarlierPlan {
  readonly store: StoreV2;
  readonly accounts: readonly PlannedAccount[];
  /** Whether any of strategy, thresholds, weights, active and forced account is taken over too. */
  readonly settings: boolean;
}

/**
 * Decides what an import of an earlier plugin's store does to ours.
 *
 * An account that is here already keeps its name and all that the person chose here; it gets the other's login only
 * if that lives longer, and what it has nothing of itself. Settings are taken over where nothing was here before.
 */
export function planEarlier(
  current: StoreV2,
  earlier: Migrated,
  now: EpochMs,
  mintId: () => string,
): EarlierPlan {
  const names = new Map<Alias, Alias>();
  const called = new Map(earlier.report.renamed.map(({ from, to }) => [to, from]));
  const accounts: PlannedAccount[] = [];
  let store = current;
  for (const account of accountsOf(earlier.store).map(withClaims)) {
    const known = accountsOf(store).find((ours) => isSame(ours, account));
    const step =
      known === undefined
        ? add(store, account, called.get(account.alias), mintId)
        : merge(store, known, account, now);
    names.set(account.alias, step.planned.alias);
    accounts.push(step.planned);
    store = step.store;
  }
  const fresh = accountsOf(current).length === 0 && accounts.length > 0;
  const merged = mergeSettings(store, { current, earlier: earlier.store, names, fresh, now });
  return { store: merged, accounts, settings: choices(merged) !== choices(current) };
}

/** What is chosen for the pool rather than for an account. */
const choices = ({ settings, activeAlias, rotationStrategy, forcedAlias }: StoreV2): string =>
  JSON.stringify({ settings, activeAlias, rotationStrategy, forcedAlias });

interface Step {
  readonly store: StoreV2;
  readonly planned: PlannedAccount;
}

/** @param called what it was called there, if that is no alias */
function add(store: StoreV2, account: Account, called: string | undefined, mintId: () => string): Step {
  const others = accountsOf(store);
  const isTaken = (name: string): boolean => Object.hasOwn(store.accounts, name);
  const alias = isTaken(account.alias) ? freeAlias([account.alias], isTaken) : account.alias;
  const id = others.some((other) => other.id === account.id) ? accountId(mintId()) : account.id;
  const sharing = others.find(({ refreshToken }) => refreshToken === account.refreshToken);
  const why = [
    ...(called ? [`it was called "${called}"`] : []),
    ...(alias === account.alias ? [] : [`another account is called ${account.alias}`]),
    ...(account.authInvalid === true ? ["its login was refused there: sign in again"] : []),
    ...(sharing === undefined
      ? []
      : [`only ${sharing.alias} can renew the login that both have: sign in again when it ends`]),
  ];
  // A refresh token is good for one use: two accounts with the same one would end each other's login.
  const added: Account = { ...account, id, alias, ...(sharing !== undefined && { refreshToken: "" }) };
  return {
    store: { ...store, accounts: { ...store.accounts, [alias]: added } },
    planned: { alias, email: account.email, outcome: "added", why },
  };
}

function merge(store: StoreV2, known: Account, account: Account, now: EpochMs): Step {
  const link = {
    login: loginOf(account),
    id: known.id,
    same: (other: Account) => other.id === known.id,
    now,
  };
  const refused = account.authInvalid === true;
  const linked = refused ? undefined : linkAccount(store, link).unwrapOr(undefined);
  const renewed = linked?.outcome === "updated";
  const after = renewed ? linked.store : store;
  const { filled, fields } = fillGaps(after.accounts[known.alias] ?? known, account);
  return {
    store: fields.length === 0 ? after : { ...after, accounts: { ...after.accounts, [known.alias]: filled } },
    planned: {
      alias: known.alias,
      email: known.email ?? account.email,
      outcome: renewed || fields.length > 0 ? "updated" : "kept",
      why: [whyLogin(renewed, refused), ...(fields.length === 0 ? [] : [`${fields.join(", ")} taken over`])],
    },
  };
}

function whyLogin(renewed: boolean, refused: boolean): string {
  if (renewed) return "it is linked already, with an older login";
  return refused
    ? "it is linked already, and its login there was refused"
    : "it is linked already, with a login at least as new";
}

/** What the account here has nothing of. */
function fillGaps(known: Account, account: Account): { filled: Account; fields: string[] } {
  const gaps: Partial<Account> = {
    ...(known.tags.length === 0 && account.tags.length > 0 && { tags: account.tags }),
    ...(known.notes === undefined && account.notes !== undefined && { notes: account.notes }),
    ...(known.rateLimitHistory.length === 0 &&
      account.rateLimitHistory.length > 0 && { rateLimitHistory: account.rateLimitHistory }),
    ...(known.observed === undefined && account.observed !== undefined && { observed: account.observed }),
    ...(known.usageCount === 0 && account.usageCount > 0 && { usageCount: account.usageCount }),
  };
  return { filled: { ...known, ...gaps }, fields: Object.keys(gaps).map((name) => WORDS[name] ?? name) };
}

const WORDS: Readonly<Record<string, string>> = {
  rateLimitHistory: "history",
  observed: "observed limits",
  usageCount: "usage count",
};

/** The login and who it is: what is about the person's choices stays with the account. */
function loginOf({
  accessToken,
  refreshToken,
  idToken,
  expiresAt,
  lastRefresh,
  source,
  email,
  userId,
  accountId: workspace,
  accountUserId,
  planType,
}: Account): NewAccount {
  return {
    accessToken,
    refreshToken,
    expiresAt,
    source,
    ...(idToken !== undefined && { idToken }),
    ...(lastRefresh !== undefined && { lastRefresh }),
    ...(email !== undefined && { email }),
    ...(userId !== undefined && { userId }),
    ...(workspace !== undefined && { accountId: workspace }),
    ...(accountUserId !== undefined && { accountUserId }),
    ...(planType !== undefined && { planType }),
  };
}
