import type { Account, Credential, Failure, SharedFile } from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { holdsNothing } from "../auth-file/failures.ts";
import type { ImportedLogin } from "../auth-file/kind.ts";
import type { ImportError } from "../errors.ts";
import { fingerprint } from "../fingerprint.ts";
import { sameIdentity } from "../identity.ts";
import { isNewerLogin } from "../newer-login.ts";
import type { SharedFiles } from "../ports.ts";
import { readAuthFile } from "./read-auth-file.ts";
import { writeBackIfUnchanged } from "./write-back.ts";

/** The files named in an account's `sharedWith`. One that is gone or signed out is no problem. */
export function createSharedFiles(): SharedFiles {
  return {
    newest: (account) => new ResultAsync(newest(account)),
    writeBack: (account, before, credential) => new ResultAsync(writeBack(account, before, credential)),
  };
}

async function newest(account: Account): Promise<Result<Credential | undefined, Failure>> {
  const reads = await Promise.all((account.sharedWith ?? []).map((file) => newerLogins(account, file)));
  const [best] = reads.flatMap((read) => read.unwrapOr([])).toSorted((a, b) => (isNewerLogin(a, b) ? -1 : 1));
  if (best !== undefined) return ok(credentialOf(best));
  return reads.find((read) => read.isErr())?.map(() => undefined) ?? ok(undefined);
}

/**
 * Logins of this account that the tool renewed by itself: another refresh token than ours, not the one we already
 * saw there, and renewed later.
 */
async function newerLogins(
  account: Account,
  { kind, path, fingerprint: seen }: SharedFile,
): Promise<Result<ImportedLogin[], ImportError>> {
  const known = new Set([seen, fingerprint(account.refreshToken)]);
  const read = await readAuthFile(path, kind);
  if (read.isErr()) return holdsNothing(read.error) ? ok([]) : err(read.error);
  return ok(
    read.value.filter(
      (login) =>
        !known.has(fingerprint(login.refreshToken)) &&
        isNewerLogin(login, account) &&
        sameIdentity(login, account),
    ),
  );
}

async function writeBack(
  { sharedWith = [] }: Account,
  before: Credential,
  credential: Credential,
): Promise<Result<void, Failure>> {
  const held = fingerprint(before.refreshToken);
  let outcome: Result<void, Failure> = ok();
  for (const file of sharedWith) {
    const written = await writeBackIfUnchanged({ ...file, fingerprint: held }, credential);
    if (written.isErr()) outcome = err(written.error);
  }
  return outcome;
}

function credentialOf({
  accessToken,
  refreshToken,
  idToken,
  expiresAt,
  lastRefresh,
}: ImportedLogin): Credential {
  return {
    accessToken,
    refreshToken,
    expiresAt,
    ...(idToken !== undefined && { idToken }),
    ...(lastRefresh !== undefined && { lastRefresh }),
  };
}
