import { epochMs, type Alias, type FailoverReason } from "@open-multi-auth/domain";
import type { Refusal } from "@open-multi-auth/runtime-node";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalLine, refusalResponse } from "./refusal.ts";
import { RETRY_TRIGGERS } from "./triggers.ts";

const NOW = epochMs(1_795_264_290_000);

describe("refusalResponse", () => {
  it("CON-20: no body of a final refusal holds a digit or a word that OpenCode retries on", async () => {
    await fc.assert(
      fc.asyncProperty(reasonsOf(), fc.integer({ min: 60_001, max: 3e10 }), async (reasons, wait) => {
        const answer = refusalResponse(refusal(reasons, NOW + wait), NOW);
        const body = await answer.text();
        expect(answer.status).toBe(403);
        expect(answer.headers.has("retry-after")).toBe(false);
        expect(Object.keys(JSON.parse(body).error)).toEqual(["code", "message"]);
        for (const trigger of RETRY_TRIGGERS) expect(body).not.toMatch(trigger);
        expect(body).not.toContain("\\n");
      }),
      { numRuns: 2_000 },
    );
  });

  it("CON-20: a wait of a minute at most is a 429 that says how many seconds, rounded up", () => {
    const short = refusalResponse(refusal({ work: "transient" }, NOW + 1_200), NOW);
    expect([short.status, short.headers.get("retry-after")]).toEqual([429, "2"]);
    const longest = refusalResponse(refusal({ work: "transient" }, NOW + 60_000), NOW);
    expect([longest.status, longest.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(refusalResponse(refusal({ work: "transient" }, NOW + 60_001), NOW).status).toBe(403);
    expect(refusalResponse(refusal({ work: "transient" }, NOW - 5), NOW).headers.get("retry-after")).toBe(
      "1",
    );
  });

  it("leaves being offline to OpenCode's own few retries", () => {
    const offline = { code: "HOST_OFFLINE", message: "offline", details: {} } as unknown as Refusal;
    expect(refusalResponse(offline, NOW).status).toBe(503);
  });
});

describe("refusalLine", () => {
  it("names each account with its cause, and when the first is back", () => {
    const line = refusalLine(
      refusal({ work: "quota-exhausted", home: "disabled" }, NOW + 2 * 3_600_000),
      NOW,
    );
    expect(line).toBe(
      "No account can answer now: work (usage limit reached), home (disabled). The first is usable in about two hours. Details: oma why",
    );
  });

  it("speaks of accounts by letter where an alias could be taken for something to retry on", () => {
    const line = refusalLine(refusal({ "work-500": "quota-exhausted", home: "disabled" }, undefined), NOW);
    expect(line).toContain("account A (usage limit reached), account B (disabled)");
  });

  it("shows a pool of many accounts in one readable line", () => {
    const reasons = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`a${"x".repeat(i)}`, "disabled" as const]),
    );
    const line = refusalLine(refusal(reasons, undefined), NOW);
    expect(line).toContain("and more");
    expect(line.length).toBeLessThan(300);
  });
});

const TRICKY = [
  "503",
  "rate-limit",
  "overloaded",
  "unavailable",
  "econnreset",
  "try.again.in",
  "a429b",
  "network-error",
];
const REASONS = [
  "quota-exhausted",
  "expired-refresh-failed",
  "no-token",
  "workspace-deactivated",
  "model-unsupported",
  "disabled",
  "cooling-down",
  "transient",
  "skipped",
] as const;

function reasonsOf(): fc.Arbitrary<Record<string, FailoverReason>> {
  const alias = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/), fc.constantFrom(...TRICKY));
  return fc.dictionary(alias, fc.constantFrom(...REASONS), { maxKeys: 40 });
}

function refusal(reasons: Record<string, FailoverReason>, nextRetryAt: number | undefined): Refusal {
  return {
    code: "ALL_ACCOUNTS_EXHAUSTED",
    message: "all accounts are exhausted",
    details: {
      requestId: "r",
      attempted: Object.keys(reasons) as Alias[],
      reasons: reasons as Record<Alias, FailoverReason>,
      ...(nextRetryAt !== undefined && { nextRetryAt: epochMs(nextRetryAt) }),
      reauthNeeded: [],
      candidates: [],
    },
  } as unknown as Refusal;
}
