import { after, type DurationMs, type EpochMs } from "@open-multi-auth/domain";
import { spanOf } from "./identity.ts";
import type { JsonObject } from "./json-object.ts";

/** The tokens of one answer, each as far as it was there. */
export interface TokenAnswer {
  readonly refreshToken?: string;
  /** Only one that can stand in a header. */
  readonly accessToken?: string;
  readonly idToken?: string;
  /** Of the access token. */
  readonly expiresAt: EpochMs;
}

const UNKNOWN_LIFE_MS: DurationMs = 60 * 60_000;
const CLOCK_TOLERANCE_MS: DurationMs = 5 * 60_000;

/**
 * Reads a success answer leniently: the old refresh token is used up by now, so a new one is worth keeping
 * whatever the rest looks like. `token_type` and `scope` do not matter to us.
 *
 * @returns undefined if there is neither a refresh nor an access token in it
 */
export function parseTokenAnswer(body: JsonObject, now: EpochMs): TokenAnswer | undefined {
  const refreshToken = textOf(body["refresh_token"]);
  const accessToken = headerText(body["access_token"]);
  const idToken = textOf(body["id_token"]);
  if (refreshToken === undefined && accessToken === undefined) return undefined;
  return {
    ...(refreshToken !== undefined && { refreshToken }),
    ...(accessToken !== undefined && { accessToken }),
    ...(idToken !== undefined && { idToken }),
    expiresAt: expiryOf(accessToken, body["expires_in"], now),
  };
}

/**
 * The claimed end, unless that cannot be by our clock: a token that was issued just now is neither over nor from the
 * future. Then its life counts from now on, so that a wrong clock does not cost an exchange with every request.
 */
function expiryOf(accessToken: string | undefined, expiresIn: unknown, now: EpochMs): EpochMs {
  const { issuedAt, expiresAt } = spanOf(accessToken ?? "");
  const isPlausible =
    expiresAt !== undefined && expiresAt > now && (issuedAt ?? now) <= now + CLOCK_TOLERANCE_MS;
  if (isPlausible) return expiresAt;
  const claimed = expiresAt === undefined || issuedAt === undefined ? undefined : expiresAt - issuedAt;
  const lifeMs = claimed ?? Number(expiresIn ?? Number.NaN) * 1000;
  return after(now, lifeMs > 0 && Number.isFinite(lifeMs) ? lifeMs : UNKNOWN_LIFE_MS);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function headerText(value: unknown): string | undefined {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}
