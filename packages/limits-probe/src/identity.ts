import { failure, type Account } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { ProbeError } from "./errors.ts";
import type { ProbeToken } from "./ports.ts";

/** Who is probed: the upstream's ids of workspace and user, as far as they are known. */
export type ProbedIdentity = Pick<Account, "accountId" | "userId">;

/** Who is probed with this token: the user, and the workspace that the token is sent for. */
export const identityProbed = ({ userId }: Account, { upstreamAccountId }: ProbeToken): ProbedIdentity => ({
  ...(userId !== undefined && { userId }),
  ...(upstreamAccountId !== undefined && { accountId: upstreamAccountId }),
});

/** Ids as an answer tells them. */
export interface ToldIdentity {
  readonly accountId?: string | null | undefined;
  readonly userId?: string | null | undefined;
}

/**
 * An answer about another account than the one probed counts for neither.
 *
 * Of a personal workspace the upstream gives the user's id as the account's, so an account id that is one of a user
 * is compared as such.
 */
export function checkIdentity(told: ToldIdentity, probed: ProbedIdentity): Result<undefined, ProbeError> {
  const user = told.userId ?? undefined;
  const account = told.accountId ?? undefined;
  const personal = account !== undefined && (account === user || account.startsWith("user-"));
  if (contradicts(personal ? account : user, probed.userId)) return err(foreign("user id"));
  if (contradicts(user, probed.userId)) return err(foreign("user id"));
  if (!personal && contradicts(account, probed.accountId)) return err(foreign("account id"));
  return ok(undefined);
}

const contradicts = (said: string | undefined, known: string | undefined): boolean =>
  said !== undefined && known !== undefined && said !== known;

export const foreign = (field: string): ProbeError =>
  failure("PROBE_ANSWER_FOREIGN", `the answer is about another account: it has another ${field}`, { field });
