import { describe, expect, it } from "vitest";
import { failure, messageOf } from "./failure.ts";
import { epochMs, epochMsSchema, toIso } from "./time.ts";

describe("toIso", () => {
  it("is UTC, and nothing where a date cannot hold the instant", () => {
    expect(toIso(epochMs(0))).toBe("1970-01-01T00:00:00.000Z");
    expect(toIso(epochMs(1e300))).toBeUndefined();
    expect(toIso(epochMs(Number.NaN))).toBeUndefined();
  });
});

describe("epochMsSchema", () => {
  it("is finite and not before the epoch", () => {
    expect(epochMsSchema.safeParse(0).success).toBe(true);
    for (const value of [-1, Infinity, Number.NaN, "5", null]) {
      expect(epochMsSchema.safeParse(value).success).toBe(false);
    }
  });
});

describe("failure", () => {
  it("has a cause only where there is one", () => {
    expect(failure("LOST", "it is gone", { path: "x" })).toEqual({
      code: "LOST",
      message: "it is gone",
      details: { path: "x" },
    });
    expect(failure("LOST", "it is gone", {}, "why")).toHaveProperty("cause", "why");
  });
});

describe("messageOf", () => {
  it("is the text of whatever was thrown", () => {
    expect([new Error("broken"), "text", undefined].map(messageOf)).toEqual(["broken", "text", "undefined"]);
  });
});
