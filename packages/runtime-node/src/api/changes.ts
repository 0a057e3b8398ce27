import {
  accountsOf,
  failure,
  parseAlias,
  toIso,
  type Account,
  type Actor,
  type Failure,
} from "@open-multi-auth/domain";
import type { Changes, LinkView, TokensRefreshed } from "@open-multi-auth/loopback-api";
import { err, errAsync, ok, ResultAsync, type Result } from "neverthrow";
import type { Limits } from "../limits.ts";
import type { Pool } from "../open-pool.ts";
import { poolControl } from "../pool-control.ts";
import { switchAccount } from "../switch-account.ts";
import { patchAccount, type PatchError } from "./account-patch.ts";
import { exportBackup, importBackup } from "./backup.ts";
import type { LinkBook } from "./link-book.ts";
import { importLogins } from "./logins.ts";
import type { ProbeWatch } from "./probe-watch.ts";

/** What the changes are made with. */
export interface ChangesDeps {
  readonly pool: Pool;
  readonly links: LinkBook;
  readonly limits: Limits;
  readonly probes: ProbeWatch;
}

/** Everything that a person may change through the API, on behalf of one actor. */
export function changesOf({ pool, links, limits, probes }: ChangesDeps, actor: Actor): Changes {
  const control = poolControl(pool, actor);

  return {
    setEnabled: (alias, { enabled, reason, allowNone }) =>
      enabled
        ? done(control.enableAccount(alias))
        : done(control.disableAccount(alias, { reason, allowNone })),
    patch(alias, patch) {
      // What ended by itself is noted as such, before it is changed.
      pool.state();
      const action = patch.alias === undefined || patch.alias === alias ? "account.edit" : "account.rename";
      const store = pool.audited({ actor, action });
      return done(store.update<PatchError>((state) => patchAccount(state, alias, patch, pool.layers)));
    },
    remove: (alias) => done(control.removeAccount(alias)),
    switchTo: (alias, replace) =>
      switchAccount(
        { ...pool, store: pool.audited({ actor, action: "account.switch" }) },
        { alias, replace },
      ).map((switched) => ({ ...switched })),

    link({ alias, method, workspace }) {
      const named = alias === undefined ? ok(undefined) : parseAlias(alias);
      return named.asyncAndThen((to) => links.start({ method, alias: to, workspace }, actor));
    },
    reauth(alias, { method = "browser", allowOtherAccount = false }) {
      const account = accountOf(pool, alias);
      return account.asyncAndThen((known) =>
        links.start({ method, alias: known.alias, reauth: { allowOtherAccount } }, actor),
      );
    },
    cancelLink: (id) =>
      linkOf(links, id, (link) => {
        link.cancel();
        return ok();
      }),
    importLogins: (source) => importLogins(pool, source, actor),
    pasteLink: (id, address) => linkOf(links, id, (link) => link.paste(address)),

    refreshLimits({ alias, maySpendQuota }) {
      return chosen(pool, alias)
        .map((accounts) => {
          for (const account of accounts) probes.start(account, maySpendQuota);
          return probes.progress();
        })
        .asyncMap(async (progress) => progress);
    },
    stopLimits: () => ResultAsync.fromSafePromise(limits.stop()).map(() => probes.progress()),
    refreshTokens: (alias) => chosen(pool, alias).asyncAndThen((accounts) => renewAll(pool, accounts)),

    force: (alias) => control.activateForce(alias),
    clearForce: () => control.clearForce(),
    changeSettings: (patch) => control.changeSettings(patch),
    applyPreset: (name) => control.applyPreset(name),
    resetSettings: () => control.resetSettings(),
    changeFeatureFlags: (flags) => control.changeFeatureFlags(flags),

    exportBackup: (passphrase) => exportBackup(pool, passphrase, actor),
    importBackup: (wish) => importBackup(pool, wish, actor),
  };
}

const done = <E extends Failure>(change: ResultAsync<unknown, E>): ResultAsync<void, E> =>
  change.map(() => undefined);

function linkOf(
  links: LinkBook,
  id: string,
  act: (link: NonNullable<ReturnType<LinkBook["find"]>>) => Result<void, Failure>,
): ResultAsync<LinkView, Failure> {
  const link = links.find(id);
  if (link === undefined) return errAsync(linkNotFound(id));
  const viewed = (): Result<LinkView, Failure> => {
    const view = links.view(id);
    return view === undefined ? err(linkNotFound(id)) : ok(view);
  };
  return act(link)
    .andThen(viewed)
    .asyncMap(async (view) => view);
}

const linkNotFound = (id: string): Failure =>
  failure("LINK_NOT_FOUND", "there is no such sign-in, or it ended some time ago", { id });

function accountOf(pool: Pool, alias: string): Result<Account, Failure> {
  const account = accountsOf(pool.state()).find((one) => one.alias === alias);
  return account
    ? ok(account)
    : err(failure("ACCOUNT_NOT_FOUND", `no account is called "${alias}"`, { alias }));
}

/** The account of this alias, or, without one, every account that is enabled. */
function chosen(pool: Pool, alias: string | undefined): Result<readonly Account[], Failure> {
  if (alias === undefined) return ok(accountsOf(pool.state()).filter(({ enabled }) => enabled));
  return accountOf(pool, alias).andThen((account) =>
    account.enabled ? ok([account]) : err(failure("ACCOUNT_DISABLED", `"${alias}" is disabled`, { alias })),
  );
}

/** One after the other; `TOKEN_REFRESH_FAILED` where not one was renewed. */
function renewAll(pool: Pool, accounts: readonly Account[]): ResultAsync<TokensRefreshed, Failure> {
  return new ResultAsync(run());

  async function run(): Promise<Result<TokensRefreshed, Failure>> {
    const refreshed: TokensRefreshed["refreshed"] = [];
    const failed: TokensRefreshed["failed"] = [];
    for (const { id, alias } of accounts) {
      const renewed = await pool.tokens.renew(id);
      if (renewed.isErr()) {
        const { code, message } = renewed.error;
        failed.push({ alias, code, message });
        continue;
      }
      const end = accountsOf(pool.store.state()).find((one) => one.id === id)?.expiresAt;
      const expiresAt = end === undefined ? undefined : toIso(end);
      refreshed.push({ alias, ...(expiresAt !== undefined && { expiresAt }) });
    }
    const [first] = failed;
    if (first === undefined || refreshed.length > 0) return ok({ refreshed, failed });
    return err(failure("TOKEN_REFRESH_FAILED", `${first.alias}: ${first.message}`, { failed }));
  }
}
