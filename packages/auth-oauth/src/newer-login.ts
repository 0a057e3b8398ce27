import type { Credential } from "@open-multi-auth/domain";

/** What tells two logins of one account apart in time. */
type Dated = Pick<Credential, "expiresAt" | "lastRefresh">;

/**
 * Whether a login of an account that another tool holds was renewed after the one that we hold; both have refresh tokens of
 * their own. Access tokens end by whole seconds and may live for different times, so the time of the renewal counts
 * first where both tell it. Of two that cannot be told apart, the other tool's is the newer one: it has come from ours.
 */
export function isNewerLogin(theirs: Dated, ours: Dated): boolean {
  const renewedApart = renewedAt(theirs) - renewedAt(ours);
  const apart = Math.abs(renewedApart) > 0 ? renewedApart : theirs.expiresAt - ours.expiresAt;
  return apart >= 0;
}

/** NaN where it is not told. */
const renewedAt = ({ lastRefresh = "" }: Dated): number => Date.parse(lastRefresh);
