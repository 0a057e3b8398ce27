import { failure, type AccountId, type Failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import type { AccessToken } from "./ports.ts";
import type { Walk } from "./walk.ts";

/** All that a header can hold, which a token never needs more of. */
const SENDABLE = /^[\x21-\x7e]+$/;

/**
 * A token to send with. The client need not wait for a refresh that it called off; that runs on for others.
 *
 * @param rejected fingerprint of a token that was of no use
 */
export async function accessToken(
  walk: Walk,
  id: AccountId,
  rejected?: string,
): Promise<Result<AccessToken, Failure> | "aborted"> {
  const ready = rejected === undefined ? walk.context.tokens.ready?.(id) : undefined;
  if (ready !== undefined && isSendable(ready)) return ok(ready);
  const token = await orAborted(walk, id, rejected);
  if (token === "aborted" || token.isErr() || isSendable(token.value)) return token;
  const malformed = err(failure("NO_TOKEN", "the access token is malformed", { why: "malformed" }));
  return rejected === undefined ? accessToken(walk, id, token.value.fingerprint) : malformed;
}

async function orAborted(
  { context, journal }: Walk,
  id: AccountId,
  rejected: string | undefined,
): Promise<Result<AccessToken, Failure> | "aborted"> {
  const asked = context.tokens.ensureFresh(id, rejected === undefined ? undefined : { rejected });
  const { signal } = journal.request;
  if (signal === undefined) return asked;
  if (signal.aborted) return "aborted";
  let ring: (end: "aborted") => void;
  const aborted = new Promise<"aborted">((resolve) => (ring = resolve));
  const onAbort = (): void => ring("aborted");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([asked, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function isSendable({ accessToken: token, upstreamAccountId = "-" }: AccessToken): boolean {
  return SENDABLE.test(token) && SENDABLE.test(upstreamAccountId);
}
