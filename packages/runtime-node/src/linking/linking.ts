import { listWorkspaces, type Timers } from "@open-multi-auth/auth-oauth";
import { createSharedFiles } from "@open-multi-auth/auth-oauth/node";
import {
  accountsOf,
  AUTH_ISSUER_URL,
  failure,
  REDIRECT_PORTS,
  UPSTREAM_URL,
  type Clock,
  type Failure,
  type NewAccount,
  type Random,
  type StoreV2,
} from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { randomUUID } from "node:crypto";
import { fileLeases } from "../credentials.ts";
import { fetchPort } from "../http.ts";
import type { Pool } from "../open-pool.ts";
import { systemClock, systemRandom, systemTimers } from "../system.ts";
import { createAttempt, type Attempt } from "./attempt.ts";
import { concludeLink } from "./conclude.ts";
import type { Link, LinkStartError, LinkWish, OfferedWorkspace } from "./link.ts";
import { beginInBrowser, beginOnDevice, type Begun } from "./methods.ts";

/** What {@link createLinking} may be told; everything has a default. */
export interface LinkingOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly timers?: Pick<Timers, "after">;
  readonly fetch?: typeof globalThis.fetch;
  /** Told of what went wrong beside the link itself, such as a file of another tool that could not be written. */
  readonly onProblem?: (problem: Failure) => void;
}

/** Links accounts by signing in, and signs linked ones in again. */
export interface Linking {
  /** Begins a sign-in. The person does the rest; `settled` of the link tells how it went. */
  start(wish: LinkWish): ResultAsync<Link, LinkStartError>;
  /** A link of this process, under way or ended not long ago. */
  find(id: string): Link | undefined;
}

/** Ended links that can still be asked about. */
const KEPT = 50;

/** The linking of accounts into this pool, for the command line, OpenCode and the dashboard alike. */
export function createLinking(
  pool: Pick<Pool, "store" | "paths" | "environment">,
  options: LinkingOptions = {},
): Linking {
  const links = new Map<string, Link>();
  const begin = createBeginning(pool, options);

  const start = async (wished: LinkWish): Promise<Result<Link, LinkStartError>> => {
    const refused = whyNot(pool.store.state(), wished, links.values());
    if (refused) return err(refused);
    const wish = withAccount(wished, pool.store.state());
    const begun = await begin(wish);
    if (begun.isErr()) return err(begun.error);
    const link = linkOf(wish, begun.value);
    links.set(link.id, link);
    for (const [id, former] of links) {
      if (links.size > KEPT && isEnded(former.state().phase)) links.delete(id);
    }
    return ok(link);
  };
  return { start: (wish) => new ResultAsync(start(wish)), find: (id) => links.get(id) };
}

function createBeginning(
  { store, paths, environment: { values } }: Pick<Pool, "store" | "paths" | "environment">,
  {
    clock = systemClock,
    random = systemRandom,
    timers = systemTimers,
    fetch: globalFetch = globalThis.fetch,
    onProblem = () => {},
  }: LinkingOptions,
): (wish: LinkWish) => Promise<Result<Begun, LinkStartError>> {
  const fetch = fetchPort(globalFetch);
  const upstreamUrl = values.UPSTREAM_URL ?? UPSTREAM_URL;
  const concluding = {
    store,
    codexAuthFile: paths.codexAuthFile,
    lease: fileLeases(paths.folder, { clock, random }),
    sharedFiles: createSharedFiles(),
    clock,
    onProblem,
  };
  const offers = (login: NewAccount): Promise<OfferedWorkspace[]> =>
    listWorkspaces(upstreamUrl, login.accessToken, fetch).match(
      (workspaces) => workspaces.flatMap((workspace) => offered(workspace, login, store.state())),
      () => [],
    );

  return async (wish) => {
    const attempt = (lifeMs: number): Attempt =>
      createAttempt({ timers, lifeMs, offers, conclude: (login) => concludeLink(wish, login, concluding) });
    const issuerUrl = values.AUTH_ISSUER_URL ?? AUTH_ISSUER_URL;
    const ports = values.REDIRECT_PORTS ?? REDIRECT_PORTS;
    const deps = { issuerUrl, ports, fetch, clock, timers, attempt };
    return wish.method === "browser" ? beginInBrowser(wish, deps) : beginOnDevice(deps);
  };
}

/** What can be told before anybody signs in. */
function whyNot(store: StoreV2, wish: LinkWish, links: Iterable<Link>): LinkStartError | undefined {
  const { alias, reauth } = wish;
  const account = accountsOf(store).find((candidate) => candidate.alias === alias);
  if (reauth === undefined) {
    if (account === undefined) return undefined;
    return failure("ALIAS_TAKEN", `another account is already called "${account.alias}"`, {
      alias: account.alias,
    });
  }
  const named = alias ?? "";
  if (!account) return failure("ACCOUNT_NOT_FOUND", `no account is called "${named}"`, { alias: named });
  if (!account.enabled) return failure("ACCOUNT_DISABLED", `"${named}" is disabled`, { alias: named });
  const other = [...links].find(
    (link) => link.wish.reauth?.id === account.id && !isEnded(link.state().phase),
  );
  if (!other) return undefined;
  const message = `a sign-in for "${named}" is under way already`;
  return failure("REAUTH_IN_PROGRESS", message, { alias: named, linkId: other.id });
}

/** From now on its alias may change. */
function withAccount(wish: LinkWish, store: StoreV2): LinkWish {
  const account = wish.reauth && accountsOf(store).find(({ alias }) => alias === wish.alias);
  return wish.reauth && account ? { ...wish, reauth: { ...wish.reauth, id: account.id } } : wish;
}

function linkOf(wish: LinkWish, { prompt, expiresAt, attempt, paste, close }: Begun): Link {
  return {
    id: randomUUID(),
    wish,
    prompt,
    expiresAt,
    state: () => attempt.state(),
    settled: attempt.settled,
    closed: attempt.settled.then(() => close()),
    paste,
    cancel: () => attempt.cancel(),
  };
}

const isEnded = (phase: ReturnType<Link["state"]>["phase"]): boolean =>
  phase === "done" || phase === "failed" || phase === "cancelled";

/** Each but the one that was just signed in to. */
function offered(
  workspace: { readonly id: string; readonly name?: string },
  login: NewAccount,
  store: StoreV2,
): OfferedWorkspace[] {
  if (workspace.id === login.accountId) return [];
  const linked = accountsOf(store).find(
    ({ accountId, userId, email }) =>
      accountId === workspace.id && (userId === undefined ? email === login.email : userId === login.userId),
  );
  return [{ ...workspace, ...(linked && { alias: linked.alias }) }];
}
