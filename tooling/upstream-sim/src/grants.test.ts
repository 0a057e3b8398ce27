import { describe, expect, it } from "vitest";
import { createGrantRegistry } from "./grants.ts";

describe("createGrantRegistry", () => {
  it("lets each refresh token be used once", () => {
    const grants = createGrantRegistry({ revokeFamilyOnReuse: false });
    grants.issue("rt1", "work", "login1");
    expect(grants.redeem("rt1")).toEqual({ result: "granted", alias: "work", family: "login1" });
    grants.issue("rt2", "work", "login1");
    expect(grants.redeem("rt1")).toEqual({ result: "reused", alias: "work" });
    expect(grants.redeem("rt2").result).toBe("granted");
    expect(grants.redeem("rt3")).toEqual({ result: "malformed", alias: null });
  });

  it("ends only the login whose token was used twice", () => {
    const grants = createGrantRegistry({ revokeFamilyOnReuse: true });
    grants.issue("rt1", "work", "login1");
    grants.redeem("rt1");
    grants.issue("rt2", "work", "login1");
    grants.issue("other", "work", "login2");
    grants.redeem("rt1");
    expect(grants.redeem("rt2").result).toBe("revoked");
    expect(grants.redeem("other").result).toBe("granted");
  });
});
