import type { SimAccount, SimState } from "./state.ts";

/** The body of `GET /wham/accounts/check`: every workspace of the person whose token it is. */
export function workspacesReport(state: SimState, { profile }: SimAccount): unknown {
  const theirs = [...state.accounts.values()].filter((other) => other.profile.userId === profile.userId);
  return {
    accounts: theirs.map(({ profile: { accountId, alias, planType } }) => ({
      id: accountId,
      name: alias,
      structure: planType === "team" ? "workspace" : "personal",
      ...(state.workspaceOrigin !== undefined && { workspace_backend_origin: state.workspaceOrigin }),
      account_routing_override: "NO_CONSTRAINT",
    })),
    account_ordering: theirs.map((other) => other.profile.accountId),
    default_account_id: theirs[0]?.profile.accountId ?? profile.accountId,
  };
}
