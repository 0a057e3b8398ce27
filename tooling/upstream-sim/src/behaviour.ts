import type { CutKind, StreamErrorCode, StreamFailure } from "./stream-plan.ts";
import type { WindowName } from "./windows.ts";

/** Where a script applies: `responses` (the model), `usage` (`wham/usage`), `token` (`/oauth/token`). */
export type Endpoint = "responses" | "usage" | "token";

/** All that is served: beside those, what a sign-in needs, which has no script. */
export type Place = Endpoint | "authorize" | "user-code" | "device-token" | "device-page" | "workspaces";

/** How the real thing behaves, with a text of one's own if wanted. */
export type Ok = { readonly kind: "ok"; readonly text?: string };

/** Answers that stream, and ways they go wrong. */
export type StreamBehaviour =
  | { readonly kind: "slow-stream"; readonly eventDelayMs: number; readonly text?: string }
  /** Held after the first visible text until the gate of this name is released. */
  | { readonly kind: "gated-stream"; readonly gate: string }
  /** The model calls a tool of the client's instead of saying something. */
  | {
      readonly kind: "tool-call";
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    }
  /** `chunks` text deltas of `chunkBytes` (default 1024) each, produced only as fast as they are read. */
  | { readonly kind: "big-answer"; readonly chunks: number; readonly chunkBytes?: number }
  /** `how` is `drop` (default: the connection closes inside the body) or `end` (the body ends early). */
  | { readonly kind: "cut-stream"; readonly afterEvents: number; readonly how?: CutKind }
  | {
      readonly kind: "stream-error";
      readonly code: StreamErrorCode;
      /** Default `before-output`. */
      readonly at?: StreamFailure["at"];
      /** Default `response.failed`. */
      readonly shape?: StreamFailure["shape"];
    };

/** Refusals that concern the account. */
export type AccountRefusal =
  /** Without touching the quota itself; `drain` empties it for real. `resetsInSeconds` defaults to 3600. */
  | {
      readonly kind: "usage-limit";
      readonly window?: WindowName;
      readonly bare?: boolean;
      readonly resetsInSeconds?: number;
    }
  | { readonly kind: "usage-not-included" }
  | { readonly kind: "burst"; readonly retryAfterSeconds?: number }
  | { readonly kind: "token-expired" }
  | { readonly kind: "deactivated-workspace" }
  | { readonly kind: "model-unsupported" }
  | { readonly kind: "effort-refused" }
  | { readonly kind: "overload" };

/** Failures any server can have. */
export type ServerFailure =
  | { readonly kind: "server-error" }
  /** Any other status; `body` defaults to `{"error":{"message":"The request was refused."}}`. */
  | { readonly kind: "status"; readonly status: number; readonly body?: unknown }
  /** Takes the request and never answers. */
  | { readonly kind: "hang" }
  /** Resets the connection before the head of the answer. */
  | { readonly kind: "reset" }
  /** 200 with a body that is not JSON and no event stream. */
  | { readonly kind: "garbage" }
  /** 502 with an HTML page. */
  | { readonly kind: "html" }
  /** 302 by default. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number };

/** Refusals of the refresh token. They leave the token as it was. */
export type TokenRefusal = {
  readonly kind: "refresh-reused" | "refresh-revoked" | "refresh-expired" | "refresh-malformed";
};

export interface Behaviours {
  responses: Ok | StreamBehaviour | AccountRefusal | ServerFailure;
  usage: Ok | AccountRefusal | ServerFailure;
  token: Ok | TokenRefusal | ServerFailure;
}

interface StepModifiers {
  /** How many requests it meets before the next step's turn. Default 1. */
  readonly times?: number | "always";
  /** Only requests for these models meet it; the others go on to the next step. */
  readonly models?: readonly string[];
  /** Real milliseconds before the head of the answer. */
  readonly delayMs?: number;
  /** Response headers to set, or to leave out (null). */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** One step of an endpoint's script. */
export type Step<E extends Endpoint = Endpoint> = Behaviours[E] & StepModifiers;

const serverFailures = ["server-error", "status", "hang", "reset", "garbage", "html", "redirect"] as const;
const accountRefusals = [
  "usage-limit",
  "usage-not-included",
  "burst",
  "token-expired",
  "deactivated-workspace",
  "model-unsupported",
  "effort-refused",
  "overload",
] as const;
const streams = [
  "slow-stream",
  "gated-stream",
  "tool-call",
  "big-answer",
  "cut-stream",
  "stream-error",
] as const;
const tokenRefusals = ["refresh-reused", "refresh-revoked", "refresh-expired", "refresh-malformed"] as const;

/** The kinds each endpoint understands, for checking scripts that come over HTTP. */
export const kindsOf: { readonly [E in Endpoint]: readonly Behaviours[E]["kind"][] } = {
  responses: ["ok", ...streams, ...accountRefusals, ...serverFailures],
  usage: ["ok", ...accountRefusals, ...serverFailures],
  token: ["ok", ...tokenRefusals, ...serverFailures],
};

export function isServerFailure<B extends { readonly kind: string }>(
  behaviour: B,
): behaviour is Extract<B, { readonly kind: ServerFailure["kind"] }> {
  return (serverFailures as readonly string[]).includes(behaviour.kind);
}

export function isAccountRefusal<B extends { readonly kind: string }>(
  behaviour: B,
): behaviour is Extract<B, { readonly kind: AccountRefusal["kind"] }> {
  return (accountRefusals as readonly string[]).includes(behaviour.kind);
}
