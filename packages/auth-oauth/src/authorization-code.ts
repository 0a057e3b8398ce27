import { failure } from "@open-multi-auth/domain";
import { err, ok, type Result } from "neverthrow";
import {
  AuthorizationResponseError,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  validateAuthResponse,
} from "oauth4webapi";
import { denied, type CallbackError } from "./sign-in-errors.ts";
import { CLIENT_ID } from "./token-endpoint.ts";

/** One sign-in in a browser: where it begins, and the secrets that its answer is checked against. */
export interface Authorization {
  readonly issuerUrl: string;
  /** Where the person signs in. */
  readonly url: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeVerifier: string;
}

/** Where to sign in, where to come back to, and to which workspace the login is limited. */
export interface AuthorizationWish {
  readonly issuerUrl: string;
  readonly redirectUri: string;
  /** The upstream's id of a workspace; without it the person chooses. */
  readonly workspace?: string | undefined;
}

/** Begins an authorization code flow with PKCE (RFC 7636, S256) and a fresh state. */
export async function createAuthorization({
  issuerUrl,
  redirectUri,
  workspace,
}: AuthorizationWish): Promise<Authorization> {
  const codeVerifier = generateRandomCodeVerifier();
  const state = generateRandomState();
  const query = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT_ID,
    redirect_uri: redirectUri,
    scope: "openid profile email offline_access",
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
    id_token_add_organizations: "true",
    codex_cli_simplified_flow: "true",
    state,
    originator: "codex_cli_rs",
    ...(workspace !== undefined && { allowed_workspace_id: workspace }),
  });
  return {
    issuerUrl,
    url: `${issuerUrl}/oauth/authorize?${query.toString()}`,
    redirectUri,
    state,
    codeVerifier,
  };
}

/**
 * Checks the answer that the browser brought back: the state first, then whether it is an error (RFC 6749 section 4.1.2).
 *
 * @returns the code, or `CALLBACK_STATE_MISMATCH`, `CALLBACK_INVALID`, `SIGN_IN_DENIED`
 */
export function readCallback(
  { issuerUrl, state }: Authorization,
  parameters: URLSearchParams,
): Result<string, CallbackError> {
  try {
    const client = { client_id: CLIENT_ID };
    const [code = "", ...more] = validateAuthResponse(
      { issuer: issuerUrl },
      client,
      parameters,
      state,
    ).getAll("code");
    return more.length === 0 && /^[\x21-\x7e]{1,4096}$/.test(code) ? ok(code) : err(invalid("no-code"));
  } catch (thrown) {
    if (thrown instanceof AuthorizationResponseError)
      return err(denied(parameters.get("error"), parameters.get("error_description")));
    return err(parameters.get("state") === state ? invalid("malformed") : mismatch());
  }
}

/**
 * Reads the address that a browser on another machine ended at, as a person pastes it: whole or from its `?` on,
 * quoted, or broken into lines by a terminal.
 *
 * @returns its parameters, or `CALLBACK_INVALID`
 */
export function parsePastedCallback(text: string): Result<URLSearchParams, CallbackError> {
  const address = text.replaceAll(/[\s<>"'`]+/g, "");
  const query = address.slice(address.indexOf("?") + 1).replace(/#.*$/, "");
  const parameters = new URLSearchParams(query);
  const isAnswer = parameters.has("state") || parameters.has("code") || parameters.has("error");
  return isAnswer ? ok(parameters) : err(invalid("no-address"));
}

const WHY = {
  "no-address": "that is not the address which the browser ended at",
  "no-code": "the callback holds no code",
  malformed: "the callback is not well-formed",
} as const;

const invalid = (why: keyof typeof WHY): CallbackError => failure("CALLBACK_INVALID", WHY[why], { why });

const mismatch = (): CallbackError =>
  failure("CALLBACK_STATE_MISMATCH", "the callback belongs to another sign-in", {});
