import { createHash, randomBytes } from "node:crypto";

/** What the authorization endpoint was asked for, and what the exchange must repeat. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly codeChallenge: string;
  /** Whether it came of the browser flow or of the device flow. */
  readonly via: "browser" | "device";
}

interface AuthorizationCode extends AuthorizationRequest {
  readonly alias: string;
  readonly expiresAt: number;
}

/** How far the person has come with a user code. */
export type DeviceProgress =
  | { readonly kind: "pending" }
  | { readonly kind: "denied" | "used" }
  | { readonly kind: "approved"; readonly alias: string };

/** A sign-in that waits for a person with a user code. */
export interface Device {
  readonly deviceAuthId: string;
  readonly userCode: string;
  /** Its verifier is the server's own: it hands it out with the code. */
  readonly codeVerifier: string;
  readonly expiresAt: number;
  intervalMs: number;
  lastPollAt: number | null;
  progress: DeviceProgress;
}

export interface SignIns {
  /** Gives out a code that is good once, for ten minutes. */
  issueCode(alias: string, request: AuthorizationRequest): string;
  /** Takes the code; undefined for one that is unknown, used, or too old. */
  takeCode(code: string): AuthorizationCode | undefined;
  startDevice(intervalMs: number): Device;
  deviceOf(userCode: string): Device | undefined;
  deviceById(deviceAuthId: string): Device | undefined;
}

const minute = 60_000;

/** The authorization codes and user codes that are out. */
export function createSignIns(now: () => number): SignIns {
  const codes = new Map<string, AuthorizationCode>();
  const devices: Device[] = [];

  return {
    issueCode(alias, request) {
      const code = `ac_${randomBytes(24).toString("base64url")}`;
      codes.set(code, { ...request, alias, expiresAt: now() + 10 * minute });
      return code;
    },
    takeCode(code) {
      const held = codes.get(code);
      codes.delete(code);
      return held !== undefined && now() < held.expiresAt ? held : undefined;
    },
    startDevice(intervalMs) {
      const device: Device = {
        deviceAuthId: `deviceauth_${randomBytes(12).toString("hex")}`,
        userCode: userCode(),
        codeVerifier: randomBytes(32).toString("base64url"),
        expiresAt: now() + 15 * minute,
        intervalMs,
        lastPollAt: null,
        progress: { kind: "pending" },
      };
      devices.push(device);
      return device;
    },
    deviceOf: (text) => devices.find((device) => device.userCode === text),
    deviceById: (id) => devices.find((device) => device.deviceAuthId === id),
  };
}

/** RFC 7636 section 4.2. */
export function challengeOf(codeVerifier: string): string {
  return createHash("sha256").update(codeVerifier).digest("base64url");
}

/** Four letters, a dash and five more characters, as the real ones look. */
function userCode(): string {
  const text = randomBytes(9).toString("hex").toUpperCase().replaceAll(/[01]/g, "X");
  return `${text.slice(0, 4)}-${text.slice(4, 9)}`;
}
