import { failure, type AccountNotFound, type Failure } from "@open-multi-auth/domain";

export const accountNotFound = (alias: string): AccountNotFound =>
  failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias });

export const linkNotFound = (id: string): Failure<"LINK_NOT_FOUND"> =>
  failure("LINK_NOT_FOUND", "there is no such sign-in, or it ended some time ago", { id });

export const decisionNotFound = (requestId: string): Failure<"DECISION_NOT_FOUND"> =>
  failure("DECISION_NOT_FOUND", "no record of this request is kept", { requestId });
