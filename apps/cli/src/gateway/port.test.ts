import { describe, expect, it } from "vitest";
import { portOf } from "./port.ts";

describe("portOf", () => {
  it.each(["70000", "-1", "x", "", "4141.5"])("refuses %j", (port) => {
    expect(portOf("gateway", given(port), 0)._unsafeUnwrapErr()).toMatchObject({ code: "USAGE" });
  });

  it("takes 0 where the system is to choose one, and not for a client, which could not ask there", () => {
    expect(portOf("gateway", given("0"), 0)._unsafeUnwrap()).toBe(0);
    expect(portOf("install", given("0"), 1)._unsafeUnwrapErr()).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("from 1 to 65535"),
    });
  });
});

const given = (port: string) => ({ words: [], flags: new Set<string>(), values: new Map([["port", port]]) });
