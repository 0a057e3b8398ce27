import type { WindowName } from "./windows.ts";

/** A field of the token endpoint's success answer that the real one sometimes leaves out. */
export type OmittableTokenField = "expires_in" | "token_type" | "id_token";

/** A simulated account: one user in one workspace. Everything but the alias has a default. */
export interface AccountOptions {
  readonly alias: string;
  readonly userId?: string;
  /** The workspace, as sent in `chatgpt-account-id`. */
  readonly accountId?: string;
  readonly email?: string;
  readonly planType?: string;
  /** Percent of each window that one answered request uses. Default: 1 of five hours, 0.2 of the week. */
  readonly percentPerRequest?: Readonly<Partial<Record<WindowName, number>>>;
  /** The quotas this account has, in the order of their slots. Default: both. */
  readonly windows?: readonly WindowName[];
  /** Life of the access tokens by the simulator's clock. Default: ten days. */
  readonly accessTokenTtlMs?: number;
  readonly omitFromTokenAnswer?: readonly OmittableTokenField[];
}

export type AccountProfile = Required<AccountOptions>;

const day = 86_400_000;

/** Fills in what `options` leaves out; `number` (from 1) makes the ids differ between accounts. */
export function accountProfile(options: AccountOptions, number: number): AccountProfile {
  const suffix = String(number).padStart(4, "0");
  return {
    userId: `user-SIM${suffix}`,
    accountId: `00000000-0000-4000-8000-00000000${suffix}`,
    email: `${options.alias}@example.test`,
    planType: "plus",
    windows: ["fiveHour", "weekly"],
    accessTokenTtlMs: 10 * day,
    omitFromTokenAnswer: [],
    ...options,
    percentPerRequest: { fiveHour: 1, weekly: 0.2, ...options.percentPerRequest },
  };
}
