import { clientId } from "./tokens.ts";
import type { Reply } from "./reply.ts";
import type { SimAccount, SimState } from "./state.ts";

/**
 * `GET /oauth/authorize`: a page that offers the accounts to sign in with, each as a link to the same address with
 * `sim_account=<alias>`; with that, or an empty one for a refusal, the redirect that a real sign-in ends in.
 */
export function authorize(state: SimState, url: URL): Reply {
  const query = url.searchParams;
  const problem = requestProblem(query);
  if (problem !== null) return page(400, `<h1>This sign-in cannot start</h1><p>${problem}</p>`);
  const offered = accountsOffered(state, query);
  const chosen = query.get("sim_account");
  if (chosen === null) return page(200, choices(url, offered));
  const redirect = new URL(query.get("redirect_uri") ?? "");
  const account = offered.find(({ profile }) => profile.alias === chosen);
  if (account === undefined) {
    redirect.searchParams.set("error", "access_denied");
    redirect.searchParams.set("error_description", "The sign-in was cancelled.");
  } else {
    const request = {
      redirectUri: redirect.href,
      codeChallenge: query.get("code_challenge") ?? "",
      via: "browser",
    } as const;
    redirect.searchParams.set("code", state.signIns.issueCode(account.profile.alias, request));
    redirect.searchParams.set("scope", query.get("scope") ?? "");
  }
  redirect.searchParams.set("state", query.get("state") ?? "");
  return { kind: "answer", status: 302, headers: { location: redirect.href }, body: "" };
}

function requestProblem(query: URLSearchParams): string | null {
  const expected: readonly (readonly [string, RegExp])[] = [
    ["response_type", /^code$/],
    ["client_id", new RegExp(`^${clientId}$`)],
    ["redirect_uri", /^http:\/\/(?:localhost|127\.0\.0\.1):\d+\/auth\/callback$/],
    ["scope", /\bopenid\b.*\boffline_access\b/],
    ["code_challenge", /^[A-Za-z0-9_-]{43}$/],
    ["code_challenge_method", /^S256$/],
    ["state", /^.{16,}$/],
  ];
  const wrong = expected.find(([name, form]) => !form.test(query.get(name) ?? ""));
  return wrong === undefined ? null : `The parameter ${wrong[0]} is missing or not what it must be.`;
}

/** All, or those of the workspaces that the request is limited to. */
function accountsOffered(state: SimState, query: URLSearchParams): readonly SimAccount[] {
  const allowed = query.get("allowed_workspace_id")?.split(",");
  return [...state.accounts.values()].filter(
    ({ profile }) => allowed === undefined || allowed.includes(profile.accountId),
  );
}

function choices(url: URL, accounts: readonly SimAccount[]): string {
  const links = accounts.map(({ profile: { alias, email } }) => link(url, alias, `${email} (${alias})`));
  return `<h1>Sign in</h1><ul>${links.join("")}${link(url, "", "Cancel")}</ul>`;
}

function link(url: URL, alias: string, text: string): string {
  const query = new URLSearchParams(url.searchParams);
  query.set("sim_account", alias);
  return `<li><a href="${escaped(`${url.pathname}?${query.toString()}`)}">${escaped(text)}</a></li>`;
}

export function page(status: number, body: string): Reply {
  const headers = { "content-type": "text/html; charset=utf-8" };
  return { kind: "answer", status, headers, body: `<!doctype html><title>upstream-sim</title>${body}` };
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
