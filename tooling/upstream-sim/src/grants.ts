/** Why a refresh token was refused. */
export type RefusedGrant = "reused" | "revoked" | "expired" | "malformed";

/** A refresh token as it was sent, and what came of it; `failed`: a scripted failure of the server. */
export interface GrantUse {
  readonly refreshToken: string;
  readonly result: "granted" | "failed" | RefusedGrant;
}

type GrantState = "live" | "used" | "revoked";

interface Grant {
  readonly alias: string;
  /** All refresh tokens that came out of one login. */
  readonly family: string;
  state: GrantState;
}

type Redemption =
  | { readonly result: "granted"; readonly alias: string; readonly family: string }
  | { readonly result: RefusedGrant; readonly alias: string | null };

export interface GrantRegistry {
  /** Records a refresh token of a login. */
  issue(refreshToken: string, alias: string, family: string): void;
  aliasOf(refreshToken: string): string | null;
  /** Uses a refresh token up; each is good once. */
  redeem(refreshToken: string): Redemption;
}

/** @param revokeFamilyOnReuse Whether a token used twice ends the whole login, as RFC 9700 §4.14.2 advises. */
export function createGrantRegistry({
  revokeFamilyOnReuse,
}: {
  readonly revokeFamilyOnReuse: boolean;
}): GrantRegistry {
  const grants = new Map<string, Grant>();

  function revokeFamily(family: string): void {
    for (const grant of grants.values()) {
      if (grant.family === family && grant.state === "live") grant.state = "revoked";
    }
  }

  return {
    issue(refreshToken, alias, family) {
      grants.set(refreshToken, { alias, family, state: "live" });
    },
    aliasOf: (refreshToken) => grants.get(refreshToken)?.alias ?? null,
    redeem(refreshToken) {
      const grant = grants.get(refreshToken);
      if (grant === undefined) return { result: "malformed", alias: null };
      if (grant.state === "revoked") return { result: "revoked", alias: grant.alias };
      if (grant.state === "used") {
        if (revokeFamilyOnReuse) revokeFamily(grant.family);
        return { result: "reused", alias: grant.alias };
      }
      grant.state = "used";
      return { result: "granted", alias: grant.alias, family: grant.family };
    },
  };
}
