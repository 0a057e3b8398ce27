import { escaped, page } from "./authorize.ts";
import { jsonAnswer, type Reply } from "./reply.ts";
import { stringField } from "./request.ts";
import { challengeOf, type Device } from "./sign-ins.ts";
import { accountOf, type SimState } from "./state.ts";
import { clientId } from "./tokens.ts";

/** `POST /api/accounts/deviceauth/usercode` */
export function startDevice(state: SimState, body: unknown): Reply {
  if (stringField(body, "client_id") !== clientId) return refusal(400, "invalid_client");
  const device = state.signIns.startDevice(state.deviceIntervalSeconds * 1000);
  return jsonAnswer(200, {
    device_auth_id: device.deviceAuthId,
    user_code: device.userCode,
    interval: String(state.deviceIntervalSeconds),
    expires_at: new Date(device.expiresAt).toISOString(),
  });
}

/** `POST /api/accounts/deviceauth/token`: one look at how far the person has come. */
export function pollDevice(state: SimState, body: unknown, issuerUrl: string): Reply {
  const device = state.signIns.deviceById(stringField(body, "device_auth_id") ?? "");
  if (device?.userCode !== stringField(body, "user_code") || device.progress.kind === "used") {
    return refusal(404, "deviceauth_authorization_unknown");
  }
  if (state.now() >= device.expiresAt) return refusal(403, "deviceauth_authorization_expired");
  if (tooSoon(device, state.now())) return refusal(429, "slow_down");
  const { progress, codeVerifier } = device;
  if (progress.kind === "pending") return refusal(403, "deviceauth_authorization_pending");
  if (progress.kind !== "approved") return refusal(403, "access_denied");
  device.progress = { kind: "used" };
  const codeChallenge = challengeOf(codeVerifier);
  const request = { redirectUri: `${issuerUrl}/deviceauth/callback`, codeChallenge, via: "device" } as const;
  const code = state.signIns.issueCode(progress.alias, request);
  return jsonAnswer(200, {
    authorization_code: code,
    code_challenge: codeChallenge,
    code_verifier: codeVerifier,
  });
}

/** RFC 8628 section 3.5: who asks too often must ask less often from then on. */
function tooSoon(device: Device, now: number): boolean {
  const early = device.lastPollAt !== null && now - device.lastPollAt < device.intervalMs;
  device.lastPollAt = now;
  if (early) device.intervalMs += 5000;
  return early;
}

/** `GET /codex/device`, where the person types the code; `?user_code=…&sim_account=…` does it for them. */
export function enterUserCode(state: SimState, url: URL): Reply {
  const userCode = url.searchParams.get("user_code");
  const alias = url.searchParams.get("sim_account");
  if (userCode === null || alias === null) return page(200, form([...state.accounts.keys()]));
  const device = state.signIns.deviceOf(userCode.trim().toUpperCase());
  if (device === undefined) return page(404, "<h1>No such code</h1>");
  decideDevice(state, device, alias);
  return page(200, "<h1>You can close this page</h1>");
}

/** Approves the code for an account, or with an empty alias denies it. */
function decideDevice(state: SimState, device: Device, alias: string): void {
  device.progress =
    alias === "" ? { kind: "denied" } : { kind: "approved", alias: accountOf(state, alias).profile.alias };
}

function form(aliases: readonly string[]): string {
  const options = aliases.map((alias) => `<option>${escaped(alias)}</option>`).join("");
  return `<h1>Enter the code</h1><form><input name="user_code"><select name="sim_account">${options}</select><button>Continue</button></form>`;
}

function refusal(status: number, code: string): Reply {
  return jsonAnswer(status, { error: { message: `${code}.`, type: "invalid_request_error", code } });
}
