import {
  accountViewSchema,
  limitsConfidence,
  newAccount,
  accountId,
  parseAlias,
  epochMs,
} from "@open-multi-auth/domain";
import { assert, constantFrom, integer, option, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { confidenceAt } from "./confidence.ts";
import { seen } from "./testing.ts";

const NOW = Date.UTC(2026, 10, 21, 12);

describe("confidenceAt", () => {
  it("says of a view what the domain says of its account, at every instant", () => {
    const ago = option(integer({ min: 0, max: 90 }), { nil: undefined });
    const status = constantFrom(...accountViewSchema.shape.limitStatus.options);
    assert(
      property(ago, ago, status, (success, failed, limitStatus) => {
        const at = (minutes: number) => epochMs(NOW - minutes * 60_000);
        const account = {
          ...newAccount(accountId("a"), parseAlias("a")._unsafeUnwrap(), LINKED, epochMs(NOW)),
          limitStatus,
          ...(success !== undefined && { lastLimitProbeAt: at(success) }),
          ...(failed !== undefined && { lastLimitErrorAt: at(failed) }),
        };
        const view = {
          ...seen("a", NOW, {}),
          limitStatus,
          lastLimitProbeAt: success === undefined ? undefined : new Date(at(success)).toISOString(),
          lastLimitErrorAt: failed === undefined ? undefined : new Date(at(failed)).toISOString(),
        };
        expect(confidenceAt(view, NOW)).toBe(limitsConfidence(account, epochMs(NOW)));
      }),
    );
  });
});

const LINKED = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "browser" as const };
