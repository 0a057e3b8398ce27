import { sameIdentity, type ImportedLogin, type ImportError } from "@open-multi-auth/auth-oauth";
import { readAuthFile } from "@open-multi-auth/auth-oauth/node";
import { accountsOf, type Actor, type Failure } from "@open-multi-auth/domain";
import type { FoundLogin, LoginImported, LoginSource } from "@open-multi-auth/loopback-api";
import { okAsync, type ResultAsync } from "neverthrow";
import { linkLogin } from "../link-login.ts";
import type { Pool } from "../open-pool.ts";

/** The logins that other tools of this person have here, and whose accounts they are. A file without one has none. */
export async function foundLogins(pool: Pool): Promise<FoundLogin[]> {
  const accounts = accountsOf(pool.state());
  const found: FoundLogin[] = [];
  for (const source of ["codex", "opencode"] as const) {
    const logins = await loginsOf(pool, source);
    for (const login of logins.unwrapOr([])) {
      const linked = accounts.find(
        (account) => sameIdentity(account, login) || account.refreshToken === login.refreshToken,
      );
      found.push({
        source,
        ...(login.email !== undefined && { email: login.email }),
        ...(linked && { alias: linked.alias }),
      });
    }
  }
  return found;
}

/**
 * Links what a tool is signed in as: its file stays as it is.
 *
 * @returns what became of each login; `AUTH_FILE_UNREADABLE`, `AUTH_FILE_INVALID`, `AUTH_FILE_WITHOUT_LOGIN`
 */
export function importLogins(
  pool: Pool,
  source: LoginSource,
  actor: Actor,
): ResultAsync<LoginImported[], Failure> {
  const store = pool.audited({ actor, action: "account.link" });
  return loginsOf(pool, source).andThen((logins) =>
    logins.reduce<ResultAsync<LoginImported[], Failure>>(
      (before, login) =>
        before.andThen((done) =>
          linkLogin(store, login, { now: pool.clock.now() }).map(({ alias, outcome }) => [
            ...done,
            { alias, outcome },
          ]),
        ),
      okAsync([]),
    ),
  );
}

function loginsOf(pool: Pool, source: LoginSource): ResultAsync<ImportedLogin[], ImportError> {
  const { codexAuthFile, openCodeAuthFile } = pool.paths;
  return source === "codex"
    ? readAuthFile(codexAuthFile, "codex-auth-json")
    : readAuthFile(openCodeAuthFile, "opencode-auth-json");
}
