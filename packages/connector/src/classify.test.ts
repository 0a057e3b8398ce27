import { epochMs } from "@open-multi-auth/domain";
import { describe, expect, it } from "vitest";
import { classify, type Verdict } from "./classify.ts";
import { parseUpstreamError } from "./upstream-error.ts";

const NOW = epochMs(1_800_000_000_000);
const nowSeconds = NOW / 1000;

const MODEL_TEXT = "The 'x' model is not supported when using Codex with a ChatGPT account.";
const limits = (primary: number, secondary: number): Record<string, string> => ({
  "x-codex-primary-used-percent": String(primary),
  "x-codex-primary-window-minutes": "300",
  "x-codex-primary-reset-at": String(nowSeconds + 3_600),
  "x-codex-secondary-used-percent": String(secondary),
  "x-codex-secondary-window-minutes": "10080",
  "x-codex-secondary-reset-at": String(nowSeconds + 86_400),
});

interface Case {
  readonly title: string;
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly verdict: Verdict;
}

const reached = { type: "usage_limit_reached", message: "The usage limit has been reached" };
const quotaUntil = (seconds: number): Verdict => ({ kind: "quota", until: epochMs(NOW + seconds * 1000) });

const ANSWERS: readonly Case[] = [
  {
    title: "usage limit with its reset",
    status: 429,
    body: { error: { ...reached, resets_at: nowSeconds + 600, resets_in_seconds: 600 } },
    verdict: quotaUntil(600),
  },
  {
    title: "weekly usage limit: the longer window's reset",
    status: 429,
    body: { error: { ...reached, resets_at: nowSeconds + 86_400 } },
    headers: limits(20, 100),
    verdict: quotaUntil(86_400),
  },
  {
    title: "both windows used up: the later reset, whatever the body says",
    status: 429,
    body: { error: { ...reached, resets_at: nowSeconds + 3_600 } },
    headers: limits(100, 100),
    verdict: quotaUntil(86_400),
  },
  {
    title: "a reset that is past by our clock: the seconds left",
    status: 429,
    body: { error: { ...reached, resets_at: nowSeconds - 50, resets_in_seconds: 30 } },
    verdict: quotaUntil(30),
  },
  {
    title: "usage limit told by headers and retry-after alone",
    status: 429,
    body: { error: reached },
    headers: { "retry-after": "90" },
    verdict: quotaUntil(90),
  },
  {
    title: "garbage beside used-up windows",
    status: 429,
    body: "<<<",
    headers: limits(100, 10),
    verdict: quotaUntil(3_600),
  },
  {
    title: "bare usage limit",
    status: 429,
    body: { error: reached },
    verdict: { kind: "quota", until: null },
  },
  {
    title: "a reset decades away is not believed",
    status: 429,
    body: { error: { ...reached, resets_at: nowSeconds * 1000 } },
    verdict: { kind: "quota", until: null },
  },
  {
    title: "not in the plan",
    status: 429,
    body: { error: { type: "usage_not_included", message: "..." } },
    verdict: { kind: "quota", until: null },
  },
  {
    title: "burst",
    status: 429,
    body: { error: { type: "rate_limit_exceeded", code: "rate_limit_exceeded" } },
    headers: { ...limits(3, 1), "retry-after": "1" },
    verdict: { kind: "transient", retryAfterMs: 1_000, isBurst: true },
  },
  {
    title: "burst with an HTTP date",
    status: 429,
    headers: { "retry-after": new Date(NOW + 7_000).toUTCString() },
    verdict: { kind: "transient", retryAfterMs: 7_000, isBurst: true },
  },
  {
    title: "overload",
    status: 503,
    body: { error: { code: "server_is_overloaded" } },
    verdict: { kind: "transient" },
  },
  { title: "server error", status: 500, body: "oops", verdict: { kind: "transient" } },
  { title: "bad gateway page", status: 502, body: "<html>", verdict: { kind: "transient" } },
  { title: "request timeout", status: 408, verdict: { kind: "transient" } },
  {
    title: "redirect",
    status: 302,
    headers: { location: "https://evil.test/" },
    verdict: { kind: "transient" },
  },
  { title: "opaque redirect", status: 0, verdict: { kind: "transient" } },
  {
    title: "token expired",
    status: 401,
    body: { error: { message: "expired", code: "token_expired" }, status: 401 },
    verdict: { kind: "auth" },
  },
  { title: "forbidden", status: 403, body: "{", verdict: { kind: "auth" } },
  {
    title: "forbidden for its token",
    status: 403,
    body: { error: { code: "token_revoked" } },
    verdict: { kind: "auth" },
  },
  {
    title: "forbidden for where the person is",
    status: 403,
    body: { error: { code: "unsupported_country_region_territory", message: "m" } },
    verdict: { kind: "request-error" },
  },
  {
    title: "forbidden for a reason of its own",
    status: 403,
    body: { error: { code: "feature_disabled" } },
    verdict: { kind: "auth", doubt: "feature_disabled" },
  },
  {
    title: "a firewall's page says nothing about the credential",
    status: 403,
    headers: { "content-type": "text/html; charset=utf-8" },
    verdict: { kind: "transient" },
  },
  {
    title: "workspace",
    status: 402,
    body: { detail: { code: "deactivated_workspace" } },
    verdict: { kind: "workspace" },
  },
  {
    title: "model",
    status: 400,
    body: { detail: MODEL_TEXT },
    verdict: { kind: "model", error: MODEL_TEXT },
  },
  {
    title: "effort refused",
    status: 400,
    body: {
      error: {
        message: "Unsupported value: 'low' is not supported with the 'm' model.",
        code: "unsupported_value",
      },
    },
    verdict: { kind: "request-error" },
  },
  {
    title: "foreign encrypted reasoning",
    status: 400,
    body: { error: { message: "...", code: "invalid_encrypted_content" } },
    verdict: { kind: "foreign-content" },
  },
  { title: "bad request in garbage", status: 400, body: "%%", verdict: { kind: "request-error" } },
  { title: "not found", status: 404, verdict: { kind: "request-error" } },
  { title: "too large", status: 413, verdict: { kind: "request-error" } },
];

const EVENTS: readonly (readonly [unknown, Verdict["kind"]])[] = [
  [{ type: "response.failed", response: { error: { code: "usage_limit_reached", message: "m" } } }, "quota"],
  [
    { type: "response.failed", response: { error: { code: "rate_limit_exceeded", message: "m" } } },
    "transient",
  ],
  [
    { type: "response.failed", response: { error: { code: "server_is_overloaded", message: "m" } } },
    "transient",
  ],
  [{ type: "error", error: { type: "server_error", code: null, message: "m" } }, "transient"],
  [{ type: "error", code: "usage_limit_reached", message: "m" }, "quota"],
  [{ type: "response.failed", response: { error: null } }, "transient"],
  [{ type: "response.failed", response: { error: { code: "context_length_exceeded" } } }, "request-error"],
  [
    { type: "response.failed", response: { error: { code: "invalid_prompt", message: "m" } } },
    "request-error",
  ],
  [
    { type: "response.failed", response: { error: { code: "invalid_encrypted_content" } } },
    "foreign-content",
  ],
  [{ type: "error", error: { code: "token_expired", message: "m" } }, "auth"],
];

describe("classify", () => {
  it.each(ANSWERS)("$status $title", ({ status, body, headers, verdict }) => {
    expect(classify(answered(status, body, headers), NOW)).toEqual(verdict);
  });

  it.each(EVENTS)("event %j in a 200 stream is %s", (event, kind) => {
    expect(classify(answered(200, event), NOW).kind).toBe(kind);
  });

  it("takes a success as served, save a page", () => {
    const ok = { kind: "answer", status: 200, header: () => "text/event-stream" } as const;
    expect(classify(ok, NOW).kind).toBe("served");
    expect(classify({ ...ok, header: () => "text/html" }, NOW).kind).toBe("transient");
  });

  it("CON-22: no way to the upstream is nobody's fault, a lost connection is passing", () => {
    expect(classify({ kind: "no-answer", cause: "unreachable" }, NOW).kind).toBe("host-offline");
    for (const cause of ["connect", "network", "timeout"] as const)
      expect(classify({ kind: "no-answer", cause }, NOW).kind).toBe("transient");
    expect(classify({ kind: "cut" }, NOW).kind).toBe("transient");
    expect(classify({ kind: "aborted" }, NOW).kind).toBe("aborted");
  });
});

function answered(status: number, body: unknown = "", headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const header = (name: string): string | null => headers[name] ?? null;
  return { kind: "answer", status, header, error: parseUpstreamError(text) } as const;
}
