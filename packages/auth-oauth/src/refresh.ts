import {
  epochMs,
  failure,
  toIso,
  type Account,
  type AccountId,
  type Clock,
  type Credential,
  type DurationMs,
  type EpochMs,
  type Failure,
  type Fetch,
} from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import { noToken, type TokenError } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import type { EndpointTrouble } from "./endpoint-trouble.ts";
import type { CredentialStore, RefreshLease, SharedFiles, Timers } from "./ports.ts";
import { Saves } from "./saves.ts";
import type { TokenAnswer } from "./token-answer.ts";
import { exchangeWithRetries } from "./retries.ts";

/** Longer than an exchange may take, so that a waiter outlasts a holder whose exchange times out. */
const LEASE_DEADLINE_MS = 75_000;
/** The account's own token, a newer one in a shared file, and one that turned up during the exchange. */
const MAX_EXCHANGES = 3;
/** When to look again after a token turned out to be used up. */
const LOOK_AGAIN_MS: readonly DurationMs[] = [300, 1_000];
const BEFORE_ALL: EpochMs = epochMs(-1);

export interface RefreshDeps {
  readonly store: CredentialStore;
  readonly lease: RefreshLease;
  readonly sharedFiles?: SharedFiles | undefined;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly trouble: EndpointTrouble;
  readonly timers: Timers;
  readonly issuerUrl: string;
  /** No request waits for it: a disabled account is left alone, and so is one that cannot be claimed. */
  readonly isRenewal: boolean;
  /** Whether this access token may still be handed out: alive, and not refused by the upstream. */
  readonly isUsable: (credential: Credential) => boolean;
  readonly isRefused: (accessToken: string) => boolean;
  readonly onProblem: (problem: Failure) => void;
  /** Handed what goes on after the refresh has come back with a token: saves that take long. */
  readonly outlast: (saving: Promise<void>) => void;
}

interface Claimed extends RefreshDeps {
  readonly saves: Saves;
}

/** Brings an account to a usable access token, alone among all processes; exchanges only if nobody else has. */
export async function refresh(id: AccountId, deps: RefreshDeps): Promise<Result<Account, TokenError>> {
  const refreshTokenBefore = deps.store.account(id)?.refreshToken;
  const lease = await deps.lease.acquire(id, LEASE_DEADLINE_MS);
  if (lease.isErr()) {
    const { error } = lease;
    if (error.code === "LEASE_HELD") {
      const message = "the account could not be claimed for a refresh in time";
      return err(failure("REFRESH_LEASE_TIMEOUT", message, { accountId: id }, error));
    }
    // What cannot be written now would use up the refresh token for one that is lost with this process.
    if (deps.isRenewal) return err(error);
    // Other processes cannot make a claim either; the request is answered all the same.
    deps.onProblem(error);
  }
  const saves = new Saves(deps.timers);
  try {
    return await refreshClaimed(id, refreshTokenBefore, { ...deps, saves });
  } finally {
    deps.outlast(saves.ended);
    // Another process must not use the old refresh token while the new one is on its way to the disk.
    if (lease.isOk()) await saves.release(lease.value);
  }
}

async function refreshClaimed(
  id: AccountId,
  refreshTokenBefore: string | undefined,
  deps: Claimed,
): Promise<Result<Account, TokenError>> {
  const refused = new Map<string, TokenError>();
  const looks = [...LOOK_AGAIN_MS];
  for (;;) {
    const current = await reloaded(id, deps);
    if (current.isErr()) return current;
    const account = current.value;
    if (deps.isUsable(account) || wasRenewed(account, refreshTokenBefore, deps)) return ok(account);

    const shared = await newestShared(account, refused, deps);
    if (shared && deps.isUsable(shared)) return ok(await replace(account, [account], shared, deps));

    const source = [shared, account].find(
      (candidate) => candidate && candidate.refreshToken !== "" && !refused.has(candidate.refreshToken),
    );
    if (source === undefined || refused.size === MAX_EXCHANGES) {
      // A refused token is condemned only when neither the store nor a shared file has another.
      const verdict = verdictOn(account, refused);
      const waitMs = mayBeReplaced(account, verdict) ? looks.shift() : undefined;
      if (waitMs === undefined) return err(verdict);
      await deps.timers.pause(waitMs);
      continue;
    }
    const outcome = await exchange(account, source, deps);
    if (outcome.isOk() || outcome.error.code !== "REFRESH_TOKEN_REJECTED") return outcome;
    refused.set(source.refreshToken, outcome.error);
  }
}

function verdictOn({ id, refreshToken }: Account, refused: ReadonlyMap<string, TokenError>): TokenError {
  const own = refreshToken === "" ? undefined : (refused.get(refreshToken) ?? [...refused.values()].at(-1));
  return own ?? noToken(id, "no-refresh-token");
}

async function reloaded(id: AccountId, deps: RefreshDeps): Promise<Result<Account, TokenError>> {
  const read = await deps.store.reload();
  if (read.isErr()) return err(noToken(id, "store-unreadable", read.error));
  const account = deps.store.account(id);
  if (account === undefined) return err(noToken(id, "unknown-account"));
  if (!deps.isRenewal || account.enabled) return ok(account);
  return err(failure("ACCOUNT_DISABLED", "a disabled account is not refreshed", { accountId: id }));
}

/** Who used the token up may be another tool, which is about to write the new one into its file. */
function mayBeReplaced({ sharedWith = [] }: Account, verdict: TokenError): boolean {
  const isUsedUp = verdict.code === "REFRESH_TOKEN_REJECTED" && verdict.details.reason === "reused";
  return isUsedUp && sharedWith.length > 0;
}

/** Someone renewed it while we waited for the lease; their token may be too short-lived for our safety margin. */
function wasRenewed(account: Account, refreshTokenBefore: string | undefined, deps: RefreshDeps): boolean {
  return (
    account.refreshToken !== refreshTokenBefore &&
    account.expiresAt > deps.clock.now() &&
    !deps.isRefused(account.accessToken)
  );
}

async function newestShared(
  account: Account,
  refused: ReadonlyMap<string, unknown>,
  deps: RefreshDeps,
): Promise<Credential | undefined> {
  // Next to a dead token any other one is the better.
  const isDead = refused.has(account.refreshToken);
  const newest = await deps.sharedFiles?.newest(isDead ? { ...account, expiresAt: BEFORE_ALL } : account);
  if (newest === undefined) return undefined;
  if (newest.isOk()) return newest.value;
  deps.onProblem(newest.error);
  return undefined;
}

async function exchange(
  account: Account,
  source: Credential,
  deps: Claimed,
): Promise<Result<Account, TokenError>> {
  const { id } = account;
  const { refreshToken } = source;
  const answer = await exchangeWithRetries({ accountId: id, refreshToken, issuerUrl: deps.issuerUrl }, deps);
  if (answer.isErr()) return err(answer.error);
  const credential = rotated(source, answer.value, deps.clock);
  const renewed = await replace(account, [account, source], credential, deps);
  // Judged only now: the old refresh token is dead, and the new one had to be stored first.
  if (answer.value.accessToken !== undefined && !deps.isRefused(renewed.accessToken)) return ok(renewed);
  const message = "the token endpoint's answer holds no usable access token";
  return err(failure("TOKEN_RESPONSE_INVALID", message, { accountId: id, status: answer.value.status }));
}

/** Saves what was renewed, and passes it on to the tools that still hold one of `outdated`. */
async function replace(
  account: Account,
  outdated: readonly Credential[],
  credential: Credential,
  deps: Claimed,
): Promise<Account> {
  const saved = deps.store.saveRotated(account.id, fingerprint(account.refreshToken), credential);
  await deps.saves.waitFor(saved);
  for (const before of new Map(outdated.map((each) => [each.refreshToken, each])).values()) {
    const written = await deps.sharedFiles?.writeBack(account, before, credential);
    if (written?.isErr()) deps.onProblem(written.error);
  }
  return { ...account, ...credential };
}

function rotated(source: Credential, answer: TokenAnswer, clock: Clock): Credential {
  const idToken = answer.idToken ?? source.idToken;
  const lastRefresh = toIso(clock.now());
  return {
    accessToken: answer.accessToken ?? source.accessToken,
    refreshToken: answer.refreshToken ?? source.refreshToken,
    ...(idToken !== undefined && { idToken }),
    // Without a new access token: refresh again before use.
    expiresAt: answer.accessToken === undefined ? epochMs(0) : answer.expiresAt,
    ...(lastRefresh !== undefined && { lastRefresh }),
  };
}
