import {
  failure,
  type Account,
  type AccountId,
  type Clock,
  type Credential,
  type Failure,
  type Fetch,
} from "@open-multi-auth/domain";
import { err, errAsync, okAsync, ResultAsync, type Result } from "neverthrow";
import { EndpointTrouble } from "./endpoint-trouble.ts";
import { noToken, type TokenError } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { identityOf } from "./identity.ts";
import type { CredentialStore, RefreshLease, SharedFiles, Timers } from "./ports.ts";
import { refresh } from "./refresh.ts";

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
   * A caller waits for a refresh 10 seconds at most, and 1 second while the token endpoint is known to be in trouble;
   * the refresh itself goes on, and a token that comes later is kept.
   *
   * @param options.rejected fingerprint of an access token that the upstream refused: it is never handed out again,
   * so this forces a refresh unless the store already has another
   */
  ensureFresh(id: AccountId, options?: { readonly rejected?: string }): ResultAsync<AccessToken, TokenError>;
  /** The access token while it lives, at once; undefined where `ensureFresh` would have to ask for one. */
  ready(id: AccountId): AccessToken | undefined;
  /**
   * Another access token than the one the account has now: from another process or tool that has renewed it already,
   * else by a refresh, which is waited for to its end. Meanwhile requests go on with the token that is there.
   */
  renew(id: AccountId): ResultAsync<AccessToken, TokenError>;
  /** Resolves when every refresh under way has come to its end, and what it brought is saved. */
  settled(): Promise<void>;
}

interface Ready {
  readonly of: Pick<Account, "accessToken" | "accountId">;
  readonly token: AccessToken;
  readonly answer: ResultAsync<AccessToken, TokenError>;
}

interface Flight {
  /** The access token that the account had before. */
  readonly before: string | undefined;
  readonly result: ResultAsync<AccessToken, TokenError>;
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
  const flights = new Map<AccountId, Flight>();
  const saving = new Set<Promise<void>>();
  const trouble = new EndpointTrouble(clock);

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

  /** @param isRenewal whether the account's token is to be replaced although it may live */
  function takeOff(id: AccountId, isRenewal: boolean): Flight {
    const before = store.account(id)?.accessToken;
    const ending = refresh(id, {
      ...deps,
      onProblem,
      trouble,
      isRenewal,
      isUsable: (credential) =>
        isAlive(credential) &&
        !isRefused(credential.accessToken) &&
        !(isRenewal && credential.accessToken === before),
      isRefused,
      outlast,
    }).finally(() => flights.delete(id));
    const flight = { before, result: new ResultAsync(ending).map((account) => prepared(account).token) };
    flights.set(id, flight);
    return flight;
  }

  function outlast(save: Promise<void>): void {
    saving.add(save);
    void save.finally(() => saving.delete(save));
  }

  function living(account: Account): Ready | undefined {
    const flight = flights.get(account.id);
    const known = prepared(account);
    // A new token is handed out when its flight has ended: it may not be on disk yet.
    const isSettled = flight === undefined || flight.before === account.accessToken;
    return isSettled && isAlive(account) && !refused.has(known.token.fingerprint) ? known : undefined;
  }

  function ensureFresh(id: AccountId): ResultAsync<AccessToken, TokenError> {
    const account = store.account(id);
    if (account === undefined) {
      ready.delete(id);
      return errAsync(noToken(id, "unknown-account"));
    }
    const known = living(account);
    if (known !== undefined) return known.answer;
    const { result } = flights.get(id) ?? takeOff(id, false);
    return inTime(id, result).andThen((fresh) => recheck(id, fresh));
  }

  /** The outcome of a refresh, or, where that takes too long for a request, that it is under way. */
  function inTime(
    accountId: AccountId,
    result: ResultAsync<AccessToken, TokenError>,
  ): ResultAsync<AccessToken, TokenError> {
    let callOff: (() => void) | undefined;
    const tooLate = new Promise<Result<AccessToken, TokenError>>((resolve) => {
      callOff = deps.timers.after(trouble.patienceMs(), () => {
        trouble.note();
        resolve(err(failure("REFRESH_UNDER_WAY", "the refresh takes long", { accountId })));
      });
    });
    const outcome = Promise.race([result, tooLate]).finally(callOff);
    return new ResultAsync(outcome);
  }

  /** The upstream may have refused a token while others still waited for it. */
  function recheck(id: AccountId, token: AccessToken): ResultAsync<AccessToken, TokenError> {
    return refused.has(token.fingerprint) ? ensureFresh(id) : okAsync(token);
  }

  return {
    ready(id) {
      const account = store.account(id);
      return account && living(account)?.token;
    },
    ensureFresh(id, options) {
      if (options?.rejected !== undefined) refuse(options.rejected);
      return ensureFresh(id);
    },
    renew: (id) => (flights.get(id) ?? takeOff(id, true)).result,
    async settled() {
      // What has ended may have begun another.
      while (flights.size + saving.size > 0) {
        await Promise.all([...[...flights.values()].map(({ result }) => result), ...saving]);
      }
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
