import { describe, expect, it } from "vitest";
import { thisProcess } from "./owner.ts";
import { isToken, mintToken, ownerOfToken } from "./token.ts";

const random = { next: () => 0.5 };

describe("a token", () => {
  it("is never the same twice, is safe in a file name, and says whose it is", () => {
    const tokens = Array.from({ length: 50 }, () => mintToken(random));
    expect(new Set(tokens).size).toBe(50);
    for (const token of tokens) {
      expect(token).toMatch(/^[0-9a-z-]+$/);
      expect(isToken(token)).toBe(true);
      expect(ownerOfToken(token)).toEqual(thisProcess());
    }
  });

  it("counts on, and holds what chance gave", () => {
    const [, , , count = "", salt] = mintToken(random).split("-");
    const next = mintToken({ next: () => 0 }).split("-");
    expect([Number.parseInt(next[3] ?? "", 36), next[4]]).toEqual([Number.parseInt(count, 36) + 1, "0"]);
    expect(salt).toBe((36 ** 6 / 2).toString(36));
  });

  it("of another host tells no host", () => {
    expect(ownerOfToken("00beef-zz-123-1-a")).toEqual({ pid: 35 * 36 + 35, start: "123", host: "" });
  });

  it("may know no start", () => {
    expect(ownerOfToken("00beef-1--1-a")).toEqual({ pid: 1, start: "", host: "" });
  });

  it.each([
    "",
    "00beef-1-1-1",
    "00bee-1-1-1-1",
    "00BEEF-1-1-1-1",
    "00beef--1-1-1",
    "00beef-123456789-1-1-1",
    "00beef-1-a-1-1",
    "00beef-1-123456789012345678901-1-1",
    "00beef-1-1--1",
    "00beef-1-1-1-",
    "00beef-1-1-12345678901-1",
    "00beef-1-1-1-1234567",
    "00beef-1-1-1-1/..",
    "x00beef-1-1-1-1",
    "../../etc",
  ])("is not made of %j", (text) => {
    expect([isToken(text), ownerOfToken(text)]).toEqual([false, undefined]);
  });
});
