import type { AccountView } from "@open-multi-auth/domain";

type SignIn = Pick<AccountView, "enabled" | "auth">;

/** It is on, and its owner has to sign in again. */
export const isSignedOut = ({ enabled, auth }: SignIn): boolean => enabled && auth.state === "invalid";

/** It is on and signed in: it serves, or will. */
export const isUsable = ({ enabled, auth }: SignIn): boolean => enabled && auth.state !== "invalid";
