import {
  accountId,
  epochMs,
  newAccount,
  parseAlias,
  type Account,
  type StoreV2,
} from "@open-multi-auth/domain";

/** The account whose token is rotated. */
const ROTATED = "rotated";

/** Accounts that must be there whatever happens to the other one. */
export const BYSTANDERS = Array.from({ length: 10 }, (_, index) => `bystander-${index}`);

/** All accounts before the first rotation. */
export function withCredentials(store: StoreV2): StoreV2 {
  const accounts = Object.fromEntries([ROTATED, ...BYSTANDERS].map((name) => [name, accountOf(name, 0)]));
  return { ...store, accounts };
}

/** After rotation `number`: an old refresh token is worth nothing from here on. */
export function rotated(store: StoreV2, number: number): StoreV2 {
  return {
    ...store,
    accounts: { ...store.accounts, ...Object.fromEntries([[ROTATED, accountOf(ROTATED, number)]]) },
  };
}

/** The number of the rotation that a store holds; -1 when the credential is lost. */
export function rotationOf(store: StoreV2): number {
  const token = new Map(Object.entries(store.accounts)).get(ROTATED)?.refreshToken ?? "";
  return token === refreshToken(ROTATED, Number(token.split("/")[1])) ? Number(token.split("/")[1]) : -1;
}

/** How many of the {@link BYSTANDERS} a store holds. */
export const bystandersIn = (store: StoreV2): number =>
  BYSTANDERS.filter((alias) => alias in store.accounts).length;

const refreshToken = (name: string, number: number): string =>
  `${name}/${number}/${String(number).repeat(40)}`;

function accountOf(name: string, number: number): Account {
  const linked = {
    accessToken: `access-${number}-${"x".repeat(1500)}`,
    refreshToken: refreshToken(name, number),
    expiresAt: epochMs(0),
    source: "codex" as const,
  };
  return newAccount(accountId(`id-${name}`), parseAlias(name)._unsafeUnwrap(), linked, epochMs(1000));
}
