import {
  type Account,
  type AccountId,
  type Clock,
  type Credential,
  type Failure,
  type Fetch,
} from "@open-multi-auth/domain";
import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { noToken, type TokenError } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { identityOf } from "./identity.ts";
import type { CredentialStore, RefreshLease, SharedFiles, Timers } from "./ports.ts";
import { renew } from "./renewal.ts";

/** An access token counts as expired this long before its end, for clock skew and for the request's own time. */
const SKEW_MS = 60_000;
/** Far more than can be under way at once; an evicted one would only be refused once more. */
const REFUSED_KEPT = 256;

/** What a request is sent with. */
export interface AccessToken {
  readonly accessToken: string;
  /** The workspace, for `ChatGPT-Account-Id`. */
  readonly upstreamAccountId?: string;
  /** Of the access token; given back as `rejected` when the upstream refuses it. */
  readonly fingerprint: string;
}

/** What a {@link TokenSource} is made of. */
export interface TokenSourceDeps {
  readonly store: CredentialStore;
  readonly lease: RefreshLease;
  readonly sharedFiles?: SharedFiles;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Where `/oauth/token` hangs, without a slash at its end. */
  readonly issuerUrl: string;
  /** Told of what went wrong beside a refresh that itself went well: a claim, a shared file. */
  readonly onProblem?: (problem: Failure) => void;
}

/** Living access tokens of the pool's accounts. */
export interface TokenSource {
  /**
   * The access token while it lives, else one refresh for all callers and processes.
   *
   * @param options.rejected fingerprint of an access token that the upstream refused: it is never handed out again,
   * so this forces a refresh unless the store already has another
   */
  ensureFresh(id: AccountId, options?: { readonly rejected?: string }): ResultAsync<AccessToken, TokenError>;
}

interface Ready {
  readonly of: Pick<Account, "accessToken" | "accountId">;
  readonly token: AccessToken;
  readonly answer: ResultAsync<AccessToken, TokenError>;
}

/**
 * Builds the {@link TokenSource}. With a living token it answers from memory, without I/O.
 *
 * Refresh tokens are single-use: callers share one exchange, processes take turns by the lease and look first
 * whether another has renewed already. A renewed credential is saved before it is used, unless that takes long.
 */
export function createTokenSource(deps: TokenSourceDeps): TokenSource {
  const { store, clock, onProblem = () => {} } = deps;
  const refused = new Set<string>();
  const ready = new Map<AccountId, Ready>();
  const flights = new Map<AccountId, ResultAsync<AccessToken, TokenError>>();

  function prepared(account: Account): Ready {
    const known = ready.get(account.id);
    if (
      known !== undefined &&
      known.of.accessToken === account.accessToken &&
      known.of.accountId === account.accountId
    ) {
      return known;
    }
    const made = makeReady(account);
    ready.set(account.id, made);
    return made;
  }

  const isAlive = ({ accessToken, expiresAt }: Pick<Credential, "accessToken" | "expiresAt">): boolean =>
    accessToken !== "" && clock.now() < expiresAt - SKEW_MS;
  const isRefused = (accessToken: string): boolean => refused.has(fingerprint(accessToken));

  function refuse(accessTokenFingerprint: string): void {
    refused.add(accessTokenFingerprint);
    const [oldest] = refused;
    if (refused.size > REFUSED_KEPT && oldest !== undefined) refused.delete(oldest);
  }

  function takeOff(id: AccountId): ResultAsync<AccessToken, TokenError> {
    const renewal = renew(id, {
      ...deps,
      onProblem,
      isUsable: (credential) => isAlive(credential) && !isRefused(credential.accessToken),
      isRefused,
    }).finally(() => flights.delete(id));
    const flight = new ResultAsync(renewal).map((account) => prepared(account).token);
    flights.set(id, flight);
    return flight;
  }

  function ensureFresh(id: AccountId): ResultAsync<AccessToken, TokenError> {
    const flight = flights.get(id);
    if (flight !== undefined) return flight.andThen((token) => recheck(id, token));
    const account = store.account(id);
    if (account === undefined) {
      ready.delete(id);
      return errAsync(noToken(id, "unknown-account"));
    }
    const { token, answer } = prepared(account);
    return isAlive(account) && !refused.has(token.fingerprint) ? answer : takeOff(id);
  }

  /** The upstream may have refused a token while others still waited for it. */
  function recheck(id: AccountId, token: AccessToken): ResultAsync<AccessToken, TokenError> {
    return refused.has(token.fingerprint) ? ensureFresh(id) : okAsync(token);
  }

  return {
    ensureFresh(id, options) {
      if (options?.rejected !== undefined) refuse(options.rejected);
      return ensureFresh(id);
    },
  };
}

function makeReady(of: Account): Ready {
  const { accessToken } = of;
  const accountId = of.accountId ?? identityOf({ accessToken }).accountId;
  const token = {
    accessToken,
    fingerprint: fingerprint(accessToken),
    ...(accountId !== undefined && { upstreamAccountId: accountId }),
  };
  return { of, token, answer: okAsync(token) };
}
