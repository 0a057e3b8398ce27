import {
  after,
  epochMs,
  failure,
  type Clock,
  type DurationMs,
  type EpochMs,
  type Fetch,
  type HttpAnswer,
} from "@open-multi-auth/domain";
import { err, ok, ResultAsync, type Result } from "neverthrow";
import { isObject, parseJsonObject, type JsonObject } from "./json-object.ts";
import type { Timers } from "./ports.ts";
import { denied, isOverloaded, unreachable, type SignInError } from "./sign-in-errors.ts";
import { CLIENT_ID } from "./token-endpoint.ts";

/** A sign-in that waits for a person to enter a code on any device (after RFC 8628; the upstream's own endpoints). */
export interface DeviceAuthorization {
  readonly issuerUrl: string;
  readonly deviceAuthId: string;
  /** What the person enters at `verificationUrl`. */
  readonly userCode: string;
  readonly verificationUrl: string;
  /** How long to wait between two polls. */
  readonly intervalMs: DurationMs;
  readonly expiresAt: EpochMs;
}

/** What `exchangeCode` needs once the person has entered the code. */
export interface DeviceApproval {
  readonly code: string;
  /** The upstream's own: it makes the challenge too. */
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

const TIMEOUT_MS = 20_000;
const LIFE_MS = 15 * 60_000;
const LONGEST_LIFE_MS = 60 * 60_000;
const INTERVAL_MS = 5_000;
const SLOWER_BY_MS = 5_000;

/** Asks for a user code. */
export function startDeviceFlow(
  issuerUrl: string,
  { fetch, clock }: { readonly fetch: Fetch; readonly clock: Clock },
): ResultAsync<DeviceAuthorization, SignInError> {
  const url = `${issuerUrl}/api/accounts/deviceauth/usercode`;
  return post(url, { client_id: CLIENT_ID }, fetch).andThen(({ status, body }) => {
    const fields = parseJsonObject(body);
    const device = fields && status < 300 ? deviceOf(fields, issuerUrl, clock.now()) : undefined;
    if (device) return ok(device);
    if (isOverloaded(status)) return err(unreachable(url, { status }));
    const what = "the upstream gave no code to sign in with";
    return err(failure("DEVICE_FLOW_UNAVAILABLE", `${what} (${status})`, { status }));
  });
}

/** What waiting for the person needs; `signal` ends it. */
export interface DeviceDeps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timers: Pick<Timers, "after">;
  readonly signal: AbortSignal;
}

/**
 * Polls until the person has entered the code, no faster than the upstream wants it, and longer after `slow_down`.
 * An upstream that does not answer is asked again.
 *
 * @returns the approval; `SIGN_IN_DENIED`, `DEVICE_CODE_EXPIRED`; never once `signal` was aborted
 */
export async function awaitApproval(
  device: DeviceAuthorization,
  { fetch, clock, timers, signal }: DeviceDeps,
): Promise<Result<DeviceApproval, SignInError>> {
  let { intervalMs } = device;
  for (;;) {
    await pause(intervalMs, timers, signal);
    if (clock.now() >= device.expiresAt) return err(expired());
    const polled = await poll(device, fetch);
    if (polled === "slow-down") intervalMs += SLOWER_BY_MS;
    else if (polled !== "pending") return polled;
  }
}

type Polled = "pending" | "slow-down" | Result<DeviceApproval, SignInError>;

async function poll(
  { issuerUrl, deviceAuthId, userCode }: DeviceAuthorization,
  fetch: Fetch,
): Promise<Polled> {
  const url = `${issuerUrl}/api/accounts/deviceauth/token`;
  const answer = await post(url, { device_auth_id: deviceAuthId, user_code: userCode }, fetch);
  if (answer.isErr()) return "pending";
  const { status, body } = answer.value;
  const fields = parseJsonObject(body) ?? {};
  const { authorization_code: code, code_verifier: codeVerifier } = fields;
  if (status < 300 && typeof code === "string" && typeof codeVerifier === "string") {
    return ok({ code, codeVerifier, redirectUri: `${issuerUrl}/deviceauth/callback` });
  }
  return refusalOf(status, errorOf(fields));
}

/** 403 and 404 mean that nobody has entered the code yet, unless they say that nobody will. */
function refusalOf(status: number, error: string): Polled {
  if (error === "slow_down" || status === 429) return "slow-down";
  if (/expired/.test(error)) return err(expired());
  if (/denied|declined/.test(error)) return err(denied("access_denied", null));
  if (status === 403 || status === 404 || isOverloaded(status) || /pending/.test(error)) return "pending";
  return err(
    failure("TOKEN_RESPONSE_INVALID", `the answer to the user code (${status}) is not known`, { status }),
  );
}

function deviceOf(fields: JsonObject, issuerUrl: string, now: EpochMs): DeviceAuthorization | undefined {
  const { device_auth_id: deviceAuthId, user_code: userCode } = fields;
  if (typeof deviceAuthId !== "string" || deviceAuthId === "") return undefined;
  // It goes to a terminal and a page.
  if (typeof userCode !== "string" || !/^[A-Za-z0-9-]{4,32}$/.test(userCode)) return undefined;
  return {
    issuerUrl,
    deviceAuthId,
    userCode,
    verificationUrl: `${issuerUrl}/codex/device`,
    intervalMs: intervalOf(fields["interval"]),
    expiresAt: expiryOf(fields["expires_at"], now),
  };
}

/** Seconds, which the upstream sends as a text. */
function intervalOf(value: unknown): DurationMs {
  const ms = Number(value ?? Number.NaN) * 1000;
  return ms >= 1000 && ms <= 60_000 ? ms : INTERVAL_MS;
}

/** An instant as ISO-8601. One that a wrong clock puts out of sight counts as not given. */
function expiryOf(value: unknown, now: EpochMs): EpochMs {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return at > now && at <= now + LONGEST_LIFE_MS ? epochMs(at) : after(now, LIFE_MS);
}

function errorOf({ error }: JsonObject): string {
  const code = isObject(error) ? error["code"] : error;
  return typeof code === "string" ? code : "";
}

function post(url: string, body: object, fetch: Fetch): ResultAsync<HttpAnswer, SignInError> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  return ResultAsync.fromPromise(
    fetch(url, { method: "POST", headers, body: JSON.stringify(body), timeoutMs: TIMEOUT_MS }),
    (thrown) => unreachable(url, { thrown }),
  );
}

/** Ends early, or never, when the signal is aborted: whoever aborts waits for nothing any more. */
function pause(ms: DurationMs, timers: DeviceDeps["timers"], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return;
    const cancel = timers.after(ms, resolve);
    signal.addEventListener("abort", cancel, { once: true });
  });
}

const expired = (): SignInError =>
  failure("DEVICE_CODE_EXPIRED", "nobody entered the code before it expired", {});
