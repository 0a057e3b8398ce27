import { describe, expect, it } from "vitest";
import { newAccount, type Account } from "./account.ts";
import { limitsConfidence } from "./account-view.ts";
import { accountId, parseAlias } from "./ids.ts";
import { after, epochMs } from "./time.ts";

const MINUTE = 60_000;
const PROBED = epochMs(1_800_000_000_000);
const at = (ms: number) => after(PROBED, ms);
const confidence = (change: Partial<Account>, ms: number) => {
  const credential = { accessToken: "a", refreshToken: "r", expiresAt: epochMs(0), source: "codex" } as const;
  const fresh = newAccount(accountId("id"), parseAlias("work")._unsafeUnwrap(), credential, PROBED);
  return limitsConfidence({ ...fresh, ...change }, at(ms));
};
const probed = { lastLimitProbeAt: PROBED, limitStatus: "success" } as const;
const failed = { ...probed, limitStatus: "error", lastLimitErrorAt: at(1) } as const;

describe("limitsConfidence", () => {
  it("LIM-15: is unknown without a success, whatever else happened", () => {
    expect(confidence({}, 0)).toBe("unknown");
    expect(confidence({ limitStatus: "error", lastLimitErrorAt: PROBED }, 0)).toBe("unknown");
  });

  it("LIM-15: is fresh for five minutes, stale for the rest of the hour, then unknown", () => {
    expect(confidence(probed, 0)).toBe("fresh");
    expect(confidence(probed, 5 * MINUTE)).toBe("fresh");
    expect(confidence(probed, 5 * MINUTE + 1)).toBe("stale");
    expect(confidence(probed, 60 * MINUTE)).toBe("stale");
    expect(confidence(probed, 60 * MINUTE + 1)).toBe("unknown");
  });

  it("LIM-15: is error where the last probe failed, until the success is an hour old", () => {
    expect(confidence(failed, 2)).toBe("error");
    expect(confidence(failed, 60 * MINUTE)).toBe("error");
    expect(confidence(failed, 60 * MINUTE + 1)).toBe("unknown");
  });

  it("LIM-15: stays error while the next probe is queued or runs, and ends with its success", () => {
    expect(confidence({ ...failed, limitStatus: "queued" }, 2)).toBe("error");
    expect(confidence({ ...failed, limitStatus: "running" }, 2)).toBe("error");
    expect(confidence({ ...failed, limitStatus: "success", lastLimitProbeAt: at(2) }, 2)).toBe("fresh");
  });
});
