import { sameIdentity } from "@open-multi-auth/auth-oauth";
import { accountId, epochMs, linkAccount, type Account } from "@open-multi-auth/domain";
import { openPool, poolControl, systemClock } from "../src/index.ts";

/** Another process of the same person, who changes something; it tells when that was on disk. */
const [, , what, ...words] = process.argv;
const pool = (await openPool({ env: process.env }))._unsafeUnwrap();
const actor = { via: "cli", user: "ann" } as const;
const control = poolControl(pool, actor);

const [word = ""] = words;

if (what === "force-and-die") {
  (await control.activateForce(word))._unsafeUnwrap();
  process.kill(process.pid, "SIGKILL");
}
if (what === "settings") (await control.changeSettings(JSON.parse(word)))._unsafeUnwrap();
if (what === "enable") (await control.enableAccount(word))._unsafeUnwrap();
if (what === "relink") await relink(word);
process.stdout.write(`${Date.now()}\n`);
(await pool.close())._unsafeUnwrap();

/** Signs in anew: other tokens for the same account, its old refresh token used up. */
async function relink(alias: string): Promise<void> {
  const account = Object.values(pool.state().accounts).find((one) => one.alias === alias)!;
  const login = { ...account, ...(await tokensFor(account)) };
  const same = (one: Account): boolean => sameIdentity(one, login) || one.id === account.id;
  const linking = { login, same, id: accountId("unused"), now: systemClock.now() };
  const linked = await pool
    .audited({ actor, action: "account.link" })
    .update((state) => linkAccount(state, linking).map(({ store }) => store));
  linked._unsafeUnwrap();
}

async function tokensFor({
  refreshToken,
}: Account): Promise<Pick<Account, "accessToken" | "refreshToken" | "expiresAt">> {
  const answer = await fetch(`${process.env["OPENCODE_MULTI_AUTH_AUTH_ISSUER_URL"]}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: "app_EMoamEEZ73f0CkXaXp7hrann",
      grant_type: "refresh_token",
      refresh_token: refreshToken,
    }),
  });
  const tokens = new Map(Object.entries(JSON.parse(await answer.text())));
  return {
    accessToken: String(tokens.get("access_token")),
    refreshToken: String(tokens.get("refresh_token")),
    expiresAt: epochMs(Date.now() + 30 * 86_400_000),
  };
}
